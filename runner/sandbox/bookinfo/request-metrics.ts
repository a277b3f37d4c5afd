/** The one counter of productpage, in the text format of Prometheus. */
export class RequestMetrics {
  readonly #counts = new Map<string, number>();

  count(destination: string, status: number): void {
    const series = `request_result_total{destination_app="${destination}",response_code="${status}"}`;
    this.#counts.set(series, (this.#counts.get(series) ?? 0) + 1);
  }

  text(): string {
    const series = [...this.#counts].map(([name, count]) => `${name} ${count.toFixed(1)}\n`);
    return `# HELP request_result_total Results of requests\n# TYPE request_result_total counter\n${series.join('')}`;
  }
}
