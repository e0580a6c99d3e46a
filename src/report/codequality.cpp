#include <clairgate/base/bytes.hpp>
#include <clairgate/report/alert_words.hpp>
#include <clairgate/report/artifact_path.hpp>
#include <clairgate/report/formats.hpp>
#include <clairgate/report/json_writer.hpp>

#include <algorithm>

namespace clairgate::report {

namespace {

constexpr std::size_t issues_max = 5'000;
constexpr std::size_t outside_bytes_max = 8'000'000;
constexpr std::size_t name_bytes_max = 255;
constexpr std::size_t path_bytes_max = 1'024;

// What blocks is a blocker whatever its severity: the widget shows these first.
std::string_view severity_word(Alerts const& alerts, Alert const& alert) {
    using finding::Severity;
    auto const* const decided = alerts.decision(alert);
    if (decided != nullptr && decided->action == policy::Effect::block)
        return "blocker";
    switch (alerts.finding(alert).severity) {
    case Severity::critical:
        return "critical";
    case Severity::high:
        return "major";
    case Severity::medium:
    case Severity::unknown:
        return "minor";
    case Severity::low:
    case Severity::negligible:
        break;
    }
    return "info";
}

class IssueWriter {
  public:
    IssueWriter(JsonWriter& json, Record const& record, RenderOptions const& options)
        : json_(json), record_(record), path_(artifact_path(record, options).path) {}

    void write(Alerts const& alerts, Alert const& alert) {
        auto const& finding = alerts.finding(alert);
        say_subject(description_.clear(), finding);
        description_.say(" ");
        say_decision(description_, alerts, alert, record_);
        say_platforms(description_, alerts, alert, record_);
        name_.clear();
        if (finding.id.empty())
            name_.say("unnamed");
        else
            name_.quote(finding.id, name_bytes_max);
        issue(severity_word(alerts, alert), alert_digest(record_, finding));
    }

    void write(Notice const& notice) {
        say_notice(description_.clear(), notice);
        switch (notice.kind) {
        case Notice::Kind::undecided:
            name_.clear().say("clairgate/undecided");
            break;
        case Notice::Kind::coverage:
            name_.clear().say("clairgate/coverage");
            break;
        case Notice::Kind::budget:
            name_.clear().say("clairgate/budget");
        }
        issue(notice.effect == policy::Effect::block ? "blocker" : "major",
              notice_digest(record_, name_.text(), notice.name));
    }

    void write_cut(std::size_t cut) {
        say_cut(description_.clear(), cut);
        name_.clear().say("clairgate/cut");
        issue("info", notice_digest(record_, name_.text(), {}));
    }

  private:
    void issue(std::string_view severity, std::string_view digest) {
        json_.begin_object();
        json_.key("categories");
        json_.begin_array();
        json_.value("Security");
        json_.end_array();
        json_.member("check_name", name_.text());
        json_.member("description", description_.text());
        json_.member("fingerprint", to_hex(digest));
        json_.key("location");
        json_.begin_object();
        json_.key("lines");
        json_.begin_object();
        json_.member("begin", std::uint64_t{1});
        json_.end_object();
        json_.member("path", name_.clear().quote(path_, path_bytes_max).text());
        json_.end_object();
        json_.member("severity", severity);
        json_.member("type", "issue");
        json_.end_object();
    }

    JsonWriter& json_;
    Record const& record_;
    std::string path_;
    Prose description_{Prose::Kind::plain};
    Prose name_{Prose::Kind::plain};
};

} // namespace

// What the policy allows is left out: the widget has no way to say that somebody accepted it, and
// would count it with the problems. Where nothing was decided, that alone is told: no finding was
// weighed.
void render_codequality(Record const& record, RenderOptions const& options, Out& out) {
    Alerts const alerts(record);
    auto const notices = notices_of(record);
    auto const shown = alerts.front(issues_max, outside_bytes_max);
    auto const is_open = [&](Alert const& alert) {
        auto const* const decided = alerts.decision(alert);
        return decided != nullptr && decided->action != policy::Effect::allow;
    };
    JsonWriter json(out);
    IssueWriter writer(json, record, options);
    json.begin_array();
    for (auto const& notice : notices)
        writer.write(notice);
    for (auto const& alert : shown)
        if (is_open(alert))
            writer.write(alerts, alert);
    auto const cut = std::span(alerts.all()).subspan(shown.size());
    auto const open_cut = std::count_if(cut.begin(), cut.end(), is_open);
    if (open_cut > 0)
        writer.write_cut(static_cast<std::size_t>(open_cut));
    json.end_array();
    std::move(json).finish();
}

} // namespace clairgate::report
