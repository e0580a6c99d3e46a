#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/completion.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

// 'text' for all three shells: nothing inside is special but the quote itself.
std::string in_quotes(std::string_view text) {
    std::string out = "'";
    for (char const c : text)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

std::vector<CommandInfo> visible_commands() {
    std::vector<CommandInfo> out;
    for (auto const& command : commands())
        if (!command.is_hidden)
            out.push_back(command);
    return out;
}

std::vector<std::string> names_of_commands() {
    std::vector<std::string> names;
    for (auto const& command : visible_commands())
        names.emplace_back(command.name);
    return names;
}

// The lower-case words of "import FILE | export FILE | status"; every command for `help`.
std::vector<std::string> words_of(CommandInfo const& command) {
    if (command.command == Command::help)
        return names_of_commands();
    std::vector<std::string> words;
    for (auto const piece : split(command.usage, '|')) {
        auto const text = trim(piece);
        auto const word = text.substr(0, text.find(' '));
        bool const is_word = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
            return c >= 'a' && c <= 'z';
        });
        if (is_word)
            words.emplace_back(word);
    }
    return words;
}

bool belongs(SettingInfo const& setting, CommandInfo const& command) {
    return (setting.commands & static_cast<unsigned>(command.command)) != 0;
}

bool takes_value(SettingInfo const& setting) {
    return setting.kind != SettingKind::flag;
}

bool takes_file(SettingInfo const& setting) {
    return takes_value(setting) && (setting.placeholder.find("FILE") != std::string_view::npos ||
                                    setting.placeholder.find("PATH") != std::string_view::npos ||
                                    setting.placeholder.find("DIR") != std::string_view::npos);
}

// "--a|--b" of the settings that `is_wanted`, "--" when there is none: a case pattern of bash.
template <typename Wanted>
std::string alternatives(Wanted is_wanted) {
    std::vector<std::string> names;
    for (auto const& setting : setting_infos())
        if (is_wanted(setting))
            names.push_back(cat("--", setting.name));
    return names.empty() ? "--" : join(names, "|");
}

std::string bash() {
    std::string cases;
    for (auto const& command : visible_commands()) {
        auto words = words_of(command);
        for (auto const& setting : setting_infos())
            if (belongs(setting, command))
                words.push_back(cat("--", setting.name));
        words.emplace_back("--help");
        cases += cat("    ", command.name, ") words='", join(words, " "), "' ;;\n");
    }
    auto const files = alternatives(takes_file);
    auto const others =
        alternatives([](auto const& one) { return takes_value(one) && !takes_file(one); });
    return cat("# bash completion for clairgate: source <(clairgate completion bash)\n"
               "_clairgate() {\n"
               "    local current=${COMP_WORDS[COMP_CWORD]} words=''\n"
               "    COMPREPLY=()\n"
               "    if ((COMP_CWORD == 1)); then\n"
               "        mapfile -t COMPREPLY < <(compgen -W '",
               join(names_of_commands(), " "),
               "' -- \"$current\")\n"
               "        return\n"
               "    fi\n"
               "    case ${COMP_WORDS[COMP_CWORD - 1]} in\n"
               "    ",
               files,
               ")\n"
               "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
               "        return ;;\n"
               "    ",
               others,
               ") return ;;\n"
               "    esac\n"
               "    case ${COMP_WORDS[1]} in\n",
               cases,
               "    esac\n"
               "    if [[ $current == -* || -z $current ]]; then\n"
               "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
               "    else\n"
               "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -f -- \"$current\")\n"
               "    fi\n"
               "}\n"
               "complete -o filenames -F _clairgate clairgate\n");
}

// zsh reads ':' and '[' of an option's description as its own.
std::string zsh_text(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (c == ':' || c == '[' || c == ']' || c == '\\')
            out += '\\';
        out += c;
    }
    return out;
}

std::string zsh() {
    std::string described;
    std::string cases;
    for (auto const& command : visible_commands()) {
        described +=
            cat("        ", in_quotes(cat(zsh_text(command.name), ":", command.help)), "\n");
        cases += cat("    ", command.name, ")\n        _arguments -s -S");
        for (auto const& setting : setting_infos()) {
            if (!belongs(setting, command))
                continue;
            auto option = cat(setting.kind == SettingKind::list ? "*" : "",
                              "--",
                              setting.name,
                              "[",
                              zsh_text(setting.help),
                              "]");
            if (takes_value(setting))
                option += cat(
                    ":", zsh_text(setting.placeholder), ":", takes_file(setting) ? "_files" : " ");
            cases += cat(" \\\n            ", in_quotes(option));
        }
        auto const words = words_of(command);
        cases += cat(" \\\n            ",
                     in_quotes(words.empty() ? std::string("*:file:_files")
                                             : cat("1:word:(", join(words, " "), ")")));
        cases += cat(words.empty() ? "" : " \\\n            '*:file:_files'", " ;;\n");
    }
    return cat("#compdef clairgate\n"
               "_clairgate() {\n"
               "    local -a commands=(\n",
               described,
               "    )\n"
               "    if ((CURRENT == 2)); then\n"
               "        _describe command commands\n"
               "        return\n"
               "    fi\n"
               "    local command=$words[2]\n"
               "    shift words\n"
               "    ((CURRENT--))\n"
               "    case $command in\n",
               cases,
               "    esac\n"
               "}\n"
               "if [[ $funcstack[1] == _clairgate ]]; then\n"
               "    _clairgate \"$@\"\n"
               "else\n"
               "    compdef _clairgate clairgate\n"
               "fi\n");
}

std::string fish() {
    std::string out = "# fish completion for clairgate\n";
    for (auto const& command : visible_commands()) {
        out += cat("complete -c clairgate -n __fish_use_subcommand -f -a ",
                   command.name,
                   " -d ",
                   in_quotes(command.help),
                   "\n");
        auto const start =
            cat("complete -c clairgate -n '__fish_seen_subcommand_from ", command.name, "'");
        for (auto const& word : words_of(command))
            out += cat(start, " -a ", word, "\n");
        for (auto const& setting : setting_infos()) {
            if (!belongs(setting, command))
                continue;
            out += cat(start,
                       " -l ",
                       setting.name,
                       !takes_value(setting) ? ""
                       : takes_file(setting) ? " -r -F"
                                             : " -x",
                       " -d ",
                       in_quotes(setting.help),
                       "\n");
        }
    }
    return out;
}

struct Shell {
    std::string_view name;
    std::string (*script)();
};
constexpr Shell shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};

} // namespace

Result<std::string> completion_script(std::string_view shell) {
    std::vector<std::string_view> names;
    for (auto const& one : shells) {
        if (one.name == shell)
            return one.script();
        names.push_back(one.name);
    }
    return Error(ErrorKind::usage, cat("unknown shell: ", shell, did_you_mean(shell, names)))
        .with_remedy("clairgate completion bash, zsh or fish");
}

Outcome completion_command(Invocation const& invocation) {
    auto const& words = invocation.settings.arguments();
    if (words.size() != 1)
        return Outcome::failed(
            Error(ErrorKind::usage, "completion takes the name of one shell: bash, zsh or fish")
                .with_remedy("clairgate help completion"));
    auto const script = completion_script(words.front());
    if (!script.has_value())
        return Outcome::failed(script.error());
    invocation.streams.out(*script);
    return Outcome::done();
}

} // namespace clairgate::gate
