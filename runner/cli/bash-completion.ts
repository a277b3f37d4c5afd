/**
 * Completion for bash. Ours and not the library's: that one needs the package bash-completion, and evaluates the line
 * that is being typed, with whatever stands in it. Bash cuts words at `=`, so that `--engine=k` arrives as three.
 */
export const bashCompletion = `# bash completion for istio-workshop

_istio_workshop() {
    local word words=() line IFS=$'\\n'
    for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
        [[ $word == "=" ]] || words+=("$word")
    done
    [[ \${COMP_WORDS[COMP_CWORD]} == "=" ]] && words+=("")
    COMPREPLY=()
    while read -r line; do
        [[ $line == :* ]] || COMPREPLY+=("\${line%%$'\\t'*}")
    done < <(istio-workshop complete -- "\${words[@]}" 2>/dev/null)
    # More may follow a folder.
    [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == */ ]] && compopt -o nospace 2>/dev/null
}

complete -F _istio_workshop istio-workshop`;
