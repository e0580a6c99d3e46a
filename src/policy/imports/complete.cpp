#include <clairgate/base/text.hpp>
#include <clairgate/policy/imports.hpp>

#include <algorithm>

namespace clairgate::policy::imports {

namespace {

constexpr std::size_t prose_bytes_max = 2000; // what the loader takes for a reason or an owner
constexpr Day day_min{std::chrono::year(2000) / 1 / 1}; // before which the loader takes none
constexpr std::size_t named_max = 3; // entries that lack something, in the message about them

Error usage(std::string message, std::string remedy = {}) {
    return Error(ErrorKind::usage, std::move(message)).with_remedy(std::move(remedy));
}

// What the options say, checked.
struct Defaults {
    std::string owner;
    std::string reason;
    std::optional<Day> last_day;
};

Result<std::string> prose(std::optional<std::string> const& option, std::string_view flag) {
    if (!option)
        return std::string();
    auto const text = trim(*option);
    if (text.empty() || text.size() > prose_bytes_max || !is_utf8(text))
        return usage(cat(flag, " is empty, longer than ", prose_bytes_max, " bytes or not UTF-8"));
    return std::string(text);
}

Result<Defaults> defaults_of(ImportOptions const& options) {
    Defaults defaults{
        TRY(prose(options.owner, "--owner")), TRY(prose(options.reason, "--reason")), std::nullopt};
    if (!options.expires)
        return defaults;
    defaults.last_day = parse_day(*options.expires);
    if (!defaults.last_day || *defaults.last_day < day_min)
        return usage(cat("--expires \"",
                         printable(*options.expires, 60),
                         "\" is no date, or one before 2000"),
                     "write YYYY-MM-DD, the last day on which the exceptions hold");
    if (options.now && *defaults.last_day + std::chrono::days(1) <= *options.now)
        return usage(cat("--expires ", *options.expires, " is in the past"));
    return defaults;
}

// Cut at a character.
std::string shortened(std::string text) {
    constexpr std::string_view mark = "…";
    if (text.size() <= prose_bytes_max)
        return text;
    auto end = prose_bytes_max - mark.size();
    while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return cat(std::string_view(text).substr(0, end), mark);
}

// Fills in what the source leaves open and notes what nobody says.
class Completion {
  public:
    explicit Completion(Defaults defaults) : defaults_(std::move(defaults)) {}

    void complete(DraftWaiver& waiver) {
        auto const before = missing_.size();
        say(waiver.owner, defaults_.owner, "--owner");
        say(waiver.reason, defaults_.reason, "--reason");
        if (!waiver.last_day)
            waiver.last_day = defaults_.last_day;
        if (!waiver.last_day)
            missing_.emplace_back("--expires");
        if (missing_.size() > before)
            of_.push_back(waiver.ids.front());
    }

    Result<void> result() && {
        if (missing_.empty())
            return ok();
        std::vector<std::string> flags;
        for (std::string_view const flag : {"--owner", "--reason", "--expires"})
            if (std::find(missing_.begin(), missing_.end(), flag) != missing_.end())
                flags.emplace_back(flag);
        auto const more =
            of_.size() > named_max ? cat(" and ", of_.size() - named_max, " more") : "";
        of_.resize(std::min(of_.size(), named_max));
        return usage(cat("the file does not say all that an exception needs: give ",
                         join(flags, ", "),
                         " for ",
                         join(of_, ", "),
                         more),
                     "--owner NAME --reason TEXT --expires YYYY-MM-DD");
    }

  private:
    void say(std::string& text, std::string const& otherwise, std::string_view flag) {
        if (trim(text).empty())
            text = otherwise;
        if (text.empty())
            missing_.emplace_back(flag);
        text = shortened(std::move(text));
    }

    Defaults defaults_;
    std::vector<std::string> missing_;
    std::vector<std::string> of_;
};

bool is_over(Day last_day, std::optional<SystemTime> const& now) {
    return last_day < day_min || (now && last_day + std::chrono::days(1) <= *now);
}

std::string key_of(DraftWaiver const& waiver) {
    return cat(
        join(waiver.ids, " "), "\n", join(waiver.purls, " "), "\n", join(waiver.images, " "));
}

// Of exceptions for the same ids and scope the one that holds longest is enough.
std::vector<DraftWaiver> without_repetitions(std::vector<DraftWaiver> waivers, Draft& draft) {
    std::map<std::string, std::size_t> longest;
    for (std::size_t i = 0; i < waivers.size(); ++i) {
        auto const [known, is_first] = longest.emplace(key_of(waivers[i]), i);
        if (!is_first && waivers[known->second].last_day < waivers[i].last_day)
            known->second = i;
    }
    std::vector<DraftWaiver> kept;
    for (std::size_t i = 0; i < waivers.size(); ++i) {
        if (longest.at(key_of(waivers[i])) == i)
            kept.push_back(std::move(waivers[i]));
        else
            draft.leave(waivers[i].ids.front(),
                        "another entry says the same, and holds as long or longer");
    }
    return kept;
}

} // namespace

Result<void> complete(Draft& draft, ImportOptions const& options) {
    Completion completion(TRY(defaults_of(options)));
    for (auto& file : draft.files) {
        std::vector<DraftWaiver> waivers;
        for (auto& waiver : file.waivers) {
            if (waiver.last_day && is_over(*waiver.last_day, options.now)) {
                draft.leave(
                    waiver.ids.front(),
                    cat("it expired on ", to_string(*waiver.last_day + std::chrono::days(1))));
                continue;
            }
            completion.complete(waiver);
            waivers.push_back(std::move(waiver));
        }
        file.waivers = without_repetitions(std::move(waivers), draft);
    }
    return std::move(completion).result();
}

} // namespace clairgate::policy::imports
