#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>

#include <algorithm>
#include <array>

namespace clairgate::gate {

namespace {

constexpr CommandInfo table[] = {
    {"run",
     Command::run,
     "--image REF[@DIGEST] [options]",
     "wait for the pushed image, scan it, apply policy, report, allow or block",
     "Waits until the build has pushed the image, has Clair scan exactly that digest, applies the\n"
     "policy files and ends with 0 (allowed), 1 (blocked) or why nothing was decided.\n"
     "\n"
     "Beside a build:\n"
     "  clairgate run --image registry.example/team/app --digest-file /run/digest \\\n"
     "      --clair-url http://clair:6060 -o table -o json=report.json\n"
     "An image that is there already, with the local engine:\n"
     "  clairgate run --image registry.example/team/app@sha256:…\n"
     "With a signed report beside the image and in a file:\n"
     "  COSIGN_PASSWORD=… clairgate run --image registry.example/team/app@sha256:… \\\n"
     "      --sign cosign.key --bundle report.sigstore.json\n",
     run_command},
    {"wait",
     Command::wait,
     "--image REF [options]",
     "only wait for the digest; print repository@digest",
     "Example:\n"
     "  deploy \"$(clairgate wait --image registry.example/team/app --digest-file /run/digest)\"\n",
     wait_command},
    {"gate",
     Command::gate,
     "REPORT… [options]",
     "apply policy to stored reports, offline",
     "Judges reports that `run -o json=FILE` wrote, Clair's own (also clair-action's) and\n"
     "roxctl's, under the policy given now. Of several the worst status counts.\n"
     "\n"
     "Example:\n"
     "  clairgate gate report.json --policy .clairgate/policy\n",
     gate_command},
    {"verify",
     Command::verify,
     "REF@DIGEST --key KEYREF [options]",
     "at deploy time: find the signed report, prove it, judge it by your policy",
     "Looks for evidence beside the image (or in --bundle FILE alone), proves signature, subject,\n"
     "type and age, judges the findings by the policy here and shows the recorded verdict beside\n"
     "it. Ends with 0 (allowed), 1 (blocked, or no acceptable evidence) or why it could not tell.\n"
     "\n"
     "Examples:\n"
     "  clairgate verify --key cosign.pub registry.example/team/app@sha256:…\n"
     "  clairgate verify --offline --bundle report.sigstore.json --key cosign.pub \\\n"
     "      registry.example/team/app@sha256:…\n"
     "  clairgate verify --certificate-identity https://github.com/team/app/.github/workflows/… "
     "\\\n"
     "      --certificate-oidc-issuer https://token.actions.githubusercontent.com \\\n"
     "      registry.example/team/app@sha256:…\n",
     verify_command},
    {"convert",
     Command::convert,
     "REPORT -o FORMAT[=FILE]…",
     "any output format from a stored report, offline",
     "Writes what the run wrote, byte for byte, from the report.json it left (-o "
     "json=report.json).\n"
     "Nothing is judged again: gate does that. A report of Clair or of another scanner has no\n"
     "verdict, and every format says so.\n"
     "\n"
     "Examples:\n"
     "  clairgate convert report.json -o html=report.html -o sarif=report.sarif\n"
     "  clairgate convert report.json -o markdown >>\"$GITHUB_STEP_SUMMARY\"\n",
     convert_command},
    {"keys",
     Command::keys,
     "generate | public KEYREF",
     "make a key pair that cosign reads too; print a public key",
     "generate writes cosign.key, encrypted with COSIGN_PASSWORD (or asks on a terminal), and\n"
     "cosign.pub; it overwrites nothing.\n"
     "\n"
     "Examples:\n"
     "  COSIGN_PASSWORD=… clairgate keys generate\n"
     "  clairgate keys public hashivault://release >release.pub\n",
     keys_command},
    {"policy",
     Command::policy,
     "init | lint | test | explain | diff | prune | import | schema | push",
     "write, check, explain and compare policy files",
     "Example:\n"
     "  clairgate policy explain --application shop --environment production\n",
     policy_command},
    {"data",
     Command::data,
     "import FILE | export FILE | status",
     "vulnerability data of the local engine",
     "import takes an updater export of clairctl (JSON lines, also .gz or .zst) or a file that\n"
     "`data export` wrote. status prints each updater with the date and age of its data.\n"
     "\n"
     "Example:\n"
     "  clairgate data import updates.json.gz && clairgate data status\n",
     data_command},
    {"config",
     Command::config,
     "show [--origin]",
     "print every setting and where its value comes from",
     "Example:\n"
     "  CLAIRGATE_CLAIR_URL=http://clair:6060 clairgate config show --origin\n",
     config_command},
    {"doctor",
     Command::doctor,
     "[options of run]",
     "try every endpoint, credential and file of the configuration",
     "Takes the options of run, and says of each part whether it works and which setting mends "
     "it.\n"
     "\n"
     "Example:\n"
     "  clairgate doctor --image registry.example/team/app --clair-url http://clair:6060\n",
     doctor_command},
    {"completion",
     Command::completion,
     "bash | zsh | fish",
     "print a completion script for a shell",
     "Examples:\n"
     "  source <(clairgate completion bash)\n"
     "  clairgate completion zsh >\"${fpath[1]}/_clairgate\"\n"
     "  clairgate completion fish >~/.config/fish/completions/clairgate.fish\n",
     completion_command},
    {"version", Command::version, "", "print the version", "", version_command},
    {"help", Command::help, "[COMMAND]", "explain a command", "", help_command},
    {"engine-supervisor",
     Command::engine_supervisor,
     "",
     "owns the local engine; started by run",
     "",
     supervisor_command,
     true},
};

CommandInfo const* find_command(std::string_view name) {
    auto const* const found = std::find_if(
        std::begin(table), std::end(table), [&](CommandInfo const& c) { return c.name == name; });
    return found == std::end(table) ? nullptr : found;
}

Error unknown_command(std::string_view word) {
    std::vector<std::string_view> names;
    for (auto const& command : table)
        if (!command.is_hidden)
            names.push_back(command.name);
    return Error(ErrorKind::usage, cat("unknown command: ", word, did_you_mean(word, names)))
        .with_remedy("clairgate help lists the commands");
}

// The spellings people try first.
std::string_view canonical_word(std::string_view word) {
    if (word == "--help" || word == "-h")
        return "help";
    if (word == "--version" || word == "-V")
        return "version";
    return word;
}

int finish(Outcome const& outcome, bool is_warn_status, Streams const& streams) {
    if (auto const* const error = outcome.error())
        streams.error(error_text(*error));
    return static_cast<int>(outcome.status(is_warn_status));
}

} // namespace

std::span<CommandInfo const> commands() {
    return table;
}

std::string error_text(Error const& error) {
    auto out = cat("clairgate: ", printable(error.text(), 2000), "\n");
    for (auto const& other : error.also())
        out += cat("clairgate: ", printable(other.text(), 2000), "\n");
    if (!error.remedy().empty())
        out += cat("  help: ", printable(error.remedy(), 1000), "\n");
    return out;
}

int execute(std::vector<std::string> const& arguments,
            io::Environment const& environment,
            Streams const& streams,
            std::filesystem::path const& self,
            SystemTime started) {
    auto const word = arguments.empty() ? "help" : canonical_word(arguments.front());
    auto const* const command = find_command(word);
    if (command == nullptr)
        return finish(Outcome::failed(unknown_command(word)), false, streams);
    std::vector<std::string> rest(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
    bool const asks_help = std::any_of(rest.begin(), rest.end(), [](std::string const& argument) {
        return argument == "--help" || argument == "-h";
    });
    if (asks_help)
        return execute({"help", std::string(command->name)}, environment, streams, self, started);
    auto const settings = parse_settings(command->command, rest, environment);
    if (!settings.has_value()) {
        auto error = settings.error();
        if (error.remedy().empty())
            error = std::move(error).with_remedy(cat("clairgate help ", command->name));
        return finish(Outcome::failed(std::move(error)), false, streams);
    }
    Invocation const invocation{*settings, environment, streams, self, started};
    return finish(command->run(invocation), settings->flag("warn-status"), streams);
}

} // namespace clairgate::gate
