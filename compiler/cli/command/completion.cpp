#include "cli/command/completion.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(The script calls meshfedc itself, so it never needs an update. Cluster names are read
from the federation that the command line names. Packages install the scripts.

Examples:
  source <(meshfedc completion bash)             # in ~/.bashrc
  source <(meshfedc completion zsh)              # in ~/.zshrc, after compinit
  meshfedc completion fish > ~/.config/fish/completions/meshfedc.fish)";

// Each asks `meshfedc complete` (cli/complete.hpp). None evaluates what comes back.
constexpr std::string_view kBash = R"(# Completion of meshfedc for bash.
_meshfedc() {
  local word rest typed=${COMP_WORDS[COMP_CWORD]} found=
  [[ $typed != = ]] || typed=
  COMPREPLY=()
  while IFS=$'\t' read -r word rest; do
    case $word in
      :*) found=${word#:} ;;
      *) COMPREPLY+=("$word") ;;
    esac
  done < <("${1/#\~/$HOME}" complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  case $found in
    files) found=-f ;;
    directories) found=-d ;;
    *) return ;;
  esac
  compopt -o filenames 2>/dev/null
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <(compgen "$found" -- "$typed")
}
complete -F _meshfedc meshfedc
)";

constexpr std::string_view kZsh = R"(#compdef meshfedc
# Completion of meshfedc for zsh.
_meshfedc() {
  local line found= tab=$'\t'
  local -a candidates answer
  answer=("${(@f)$("${~words[1]}" complete "${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
  [[ $PREFIX != --*=* ]] || compset -P 1 '*='
  for line in "${answer[@]}"; do
    case $line in
      :*) found=${line#:} ;;
      ?*) candidates+=("${${line%%$tab*}//:/\\:}:${line#*$tab}") ;;
    esac
  done
  ((${#candidates})) && _describe meshfedc candidates
  case $found in
    files) _files ;;
    directories) _files -/ ;;
  esac
}
if [[ ${funcstack[1]} = _meshfedc ]]; then
  _meshfedc "$@"
else
  compdef _meshfedc meshfedc
fi
)";

constexpr std::string_view kFish = R"(# Completion of meshfedc for fish.
function __meshfedc_complete
    set -l line (commandline -opc)
    set -l current (commandline -ct)
    set -l option (string match -r -- '^--[^=]+=' $current)
    set -l typed (string replace -r -- '^--[^=]+=' '' $current)
    set -l program $line[1]
    set -e line[1]
    for answer in ($program complete $line "$current" 2>/dev/null)
        switch $answer
            case ':files'
                printf '%s\n' "$option"(__fish_complete_path "$typed")
            case ':directories'
                printf '%s\n' "$option"(__fish_complete_directories "$typed")
            case '*'
                printf '%s\n' "$option$answer"
        end
    end
end
complete -c meshfedc -f -a '(__meshfedc_complete)'
)";

}  // namespace

Command CompletionCommand::declare() {
  return {.name = "completion",
          .description = "Print a completion script for a shell",
          .footer = kFooter,
          .arguments = {{.names = {},
                         .meaning = "The shell",
                         .target = &shell_,
                         .value = "bash|zsh|fish",
                         .positional = "shell",
                         .required = true}},
          .run = [this](const Context& context) { return run(context); }};
}

Exit CompletionCommand::run(const Context& context) const {
  Session session(context, Format::text);
  session.print(shell_ == "bash" ? kBash : shell_ == "zsh" ? kZsh : kFish);
  return session.finish();
}

}  // namespace meshfed::cli
