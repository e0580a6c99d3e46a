#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/settings.hpp>
#include <clairgate/gate/settings_file.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

using Values = std::map<std::string, Settings::Value, std::less<>>;

// Variables of ours that are no settings: secrets and where built tools are kept.
constexpr std::string_view other_variables[] = {
    "CLAIRGATE_REGISTRY_USER", "CLAIRGATE_REGISTRY_PASSWORD_FILE", "CLAIRGATE_CACHE"};
constexpr std::string_view test_prefix = "CLAIRGATE_TEST_";

SettingInfo const* find_setting(std::string_view name) {
    for (auto const& info : setting_infos())
        if (info.name == name)
            return &info;
    return nullptr;
}

bool belongs(SettingInfo const& info, Command command) {
    return (info.commands & static_cast<unsigned>(command)) != 0;
}

std::vector<std::string_view> names_for(Command command) {
    std::vector<std::string_view> names;
    for (auto const& info : setting_infos())
        if (belongs(info, command))
            names.push_back(info.name);
    return names;
}

std::optional<bool> parse_flag(std::string_view text) {
    if (text == "true" || text == "1" || text == "yes")
        return true;
    if (text == "false" || text == "0" || text == "no")
        return false;
    return std::nullopt;
}

Result<void> check_value(SettingInfo const& info, std::string_view text, std::string_view origin) {
    bool const is_wrong_flag = info.kind == SettingKind::flag && !parse_flag(text);
    if (is_wrong_flag)
        return Error(ErrorKind::usage,
                     cat(info.name, " is true or false, not \"", text, "\" (", origin, ")"));
    if (info.kind == SettingKind::duration) {
        auto const parsed = parse_duration(text);
        if (!parsed.has_value())
            return Error(ErrorKind::usage,
                         cat(info.name, ": ", parsed.error().message(), " (", origin, ")"));
    }
    return ok();
}

// " (it is one of run and doctor)"
std::string whose(SettingInfo const& info) {
    std::vector<std::string> names;
    for (auto const& command : commands())
        if (!command.is_hidden && belongs(info, command.command))
            names.emplace_back(command.name);
    return names.empty() ? std::string() : cat(" (it is one of: ", join(names, ", "), ")");
}

// The variables that Kubernetes gives every container for a service called "clairgate…": they say
// where it is (CLAIRGATE_SERVICE_HOST, CLAIRGATE_PORT_6060_TCP…) and are no settings of ours.
bool is_service_link(std::string_view variable) {
    if (variable.ends_with("_SERVICE_HOST") || variable.ends_with("_PORT"))
        return true;
    if (variable.find("_SERVICE_PORT") != std::string_view::npos)
        return true;
    auto const port = variable.find("_PORT_");
    if (port == std::string_view::npos)
        return false;
    auto const rest = variable.substr(port + 6);
    return parse_unsigned(rest.substr(0, rest.find('_'))).has_value();
}

// argv → values; what is no option is an argument. `--` ends the options. Our own reader and not
// CLI11: that stops at the first mistake, knows no nearest word, and would have to be told of every
// setting a second time, for what is a hundred lines over the table.
class Arguments {
  public:
    Arguments(Command command, std::vector<std::string> const& argv)
        : command_(command), argv_(argv) {}

    void parse(Values& values, std::vector<std::string>& rest, std::vector<Error>& mistakes) {
        for (at_ = 0; at_ < argv_.size(); ++at_) {
            std::string_view const word = argv_[at_];
            if (word == "--") {
                rest.insert(rest.end(), argv_.begin() + static_cast<long>(at_) + 1, argv_.end());
                return;
            }
            if (word.size() < 2 || word.front() != '-') {
                rest.emplace_back(word);
                continue;
            }
            auto const taken = option(word, values);
            if (!taken.has_value())
                mistakes.push_back(taken.error());
        }
    }

  private:
    Result<void> option(std::string_view word, Values& values) {
        if (word == "-o" || (word.starts_with("-o") && !word.starts_with("--"))) {
            auto const attached = word.substr(2);
            return set("output", attached.empty() ? std::nullopt : std::optional(attached), values);
        }
        if (!word.starts_with("--"))
            return unknown(word);
        auto const equals = word.find('=');
        auto const name = word.substr(2, equals == std::string_view::npos ? equals : equals - 2);
        return set(name,
                   equals == std::string_view::npos ? std::nullopt
                                                    : std::optional(word.substr(equals + 1)),
                   values);
    }

    Error unknown(std::string_view word) const {
        auto const names = names_for(command_);
        auto const name = word.substr(std::min(word.find_first_not_of('-'), word.size()));
        auto const guess = nearest(name, names);
        return {ErrorKind::usage,
                cat("unknown flag: ", word, guess ? cat(" (did you mean --", *guess, "?)") : "")};
    }

    Result<void>
    set(std::string_view name, std::optional<std::string_view> attached, Values& values) {
        auto const* const info = find_setting(name);
        if (info == nullptr)
            return unknown(cat("--", name));
        if (!belongs(*info, command_))
            return Error(ErrorKind::usage,
                         cat("--", name, " is not an option of this command", whose(*info)));
        std::string text;
        if (attached)
            text = *attached;
        else if (info->kind == SettingKind::flag)
            text = "true";
        else if (at_ + 1 < argv_.size() && !argv_[at_ + 1].starts_with("--"))
            text = argv_[++at_];
        else // a forgotten value must not swallow the next flag; one that looks so needs "="
            return Error(ErrorKind::usage, cat("--", name, " needs a value: ", info->placeholder));
        TRY_VOID(check_value(*info, text, "flag"));
        auto& value = values[std::string(name)];
        if (info->kind != SettingKind::list)
            value.texts.clear();
        value.texts.push_back(std::move(text));
        value.origin = "flag";
        return ok();
    }

    Command command_;
    std::vector<std::string> const& argv_;
    std::size_t at_ = 0;
};

void read_environment(io::Environment const& environment,
                      Values& values,
                      std::vector<Error>& mistakes) {
    std::vector<std::string> known;
    for (auto const& info : setting_infos())
        known.push_back(info.environment_name());
    for (auto const& [variable, text] : environment.all()) {
        bool const is_ours = variable.starts_with("CLAIRGATE_");
        bool const is_other =
            std::find(std::begin(other_variables), std::end(other_variables), variable) !=
            std::end(other_variables);
        if (!is_ours || is_other || text.empty() || variable.starts_with(test_prefix))
            continue;
        auto const found = std::find(known.begin(), known.end(), variable);
        if (found == known.end() && is_service_link(variable))
            continue;
        if (found == known.end()) {
            std::vector<std::string_view> const names(known.begin(), known.end());
            mistakes.push_back(
                Error(ErrorKind::usage,
                      cat("unknown variable ", variable, did_you_mean(variable, names))));
            continue;
        }
        auto const& info = setting_infos()[static_cast<std::size_t>(found - known.begin())];
        auto const origin = cat("environment ", variable);
        if (values.contains(info.name))
            continue; // a flag wins
        std::vector<std::string> texts;
        if (info.kind == SettingKind::list) {
            for (auto const piece : split(text, '\n')) // one entry a line: commas occur in globs
                if (!trim(piece).empty())
                    texts.emplace_back(trim(piece));
        } else {
            texts.push_back(text);
        }
        for (auto const& one : texts)
            if (auto const checked = check_value(info, one, origin); !checked.has_value())
                mistakes.push_back(checked.error());
        values[std::string(info.name)] = {std::move(texts), origin};
    }
}

// The values of the configuration file where nothing nearer speaks.
void read_file(std::string const& path, Values& values, std::vector<Error>& mistakes) {
    auto const entries = read_settings_file(path);
    if (!entries.has_value()) {
        auto error = entries.error();
        auto const others = error.also();
        mistakes.push_back(std::move(error).with_also({}));
        mistakes.insert(mistakes.end(), others.begin(), others.end());
        return;
    }
    for (auto const& entry : *entries) {
        auto const* const info = find_setting(entry.name);
        for (auto const& text : entry.texts)
            if (auto const fine = check_value(*info, text, entry.origin); !fine.has_value())
                mistakes.push_back(fine.error());
        values.try_emplace(entry.name, Settings::Value{entry.texts, entry.origin});
    }
}

Result<void> all_of(std::vector<Error> mistakes) {
    if (mistakes.empty())
        return ok();
    auto first = mistakes.front();
    mistakes.erase(mistakes.begin());
    return std::move(first).with_also(std::move(mistakes));
}

} // namespace

std::string SettingInfo::environment_name() const {
    std::string out = "CLAIRGATE_";
    for (char const c : name)
        out += c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

Result<Settings> parse_settings(Command command,
                                std::vector<std::string> const& argv,
                                io::Environment const& environment) {
    Values values;
    std::vector<std::string> rest;
    std::vector<Error> mistakes;
    Arguments(command, argv).parse(values, rest, mistakes);
    read_environment(environment, values, mistakes);
    if (auto const file = values.find("config"); file != values.end())
        read_file(file->second.texts.back(), values, mistakes);
    TRY_VOID(all_of(std::move(mistakes)));
    // Environment and file are shared by all commands: what this one does not have is not its
    // concern, as a Clair for `wait`.
    std::erase_if(values, [command](auto const& value) {
        return !belongs(*find_setting(value.first), command);
    });
    return Settings(std::move(values), std::move(rest));
}

} // namespace clairgate::gate
