#include <clairgate/base/text.hpp>
#include <clairgate/report/alert_words.hpp>
#include <clairgate/report/formats.hpp>
#include <clairgate/report/gitlab_parts.hpp>

namespace clairgate::report {

namespace {

// About 12 MB of JSON: well below the 100 MB that GitLab takes, and more than anybody reads.
constexpr std::size_t vulnerabilities_max = 5'000;
constexpr std::size_t outside_bytes_max = 8'000'000;
constexpr std::size_t version_bytes_max = 100;

class ScanWriter {
  public:
    ScanWriter(JsonWriter& json, Record const& record, std::size_t cut)
        : json_(json), record_(record), cut_(cut) {}

    void write() {
        json_.begin_object();
        json_.key("analyzer");
        tool("clairgate", "clairgate", "clairgate", record_.clairgate_version());
        json_.member("end_time", time(record_.run().finished));
        json_.key("messages");
        json_.begin_array();
        messages();
        json_.end_array();
        json_.key("scanner");
        tool("clair", "Clair", "Project Quay", record_.scan().scanner.version);
        json_.member("start_time", time(record_.run().started));
        json_.member("status", record_.is_decided() ? "success" : "failure");
        json_.member("type", "container_scanning");
        json_.end_object();
    }

  private:
    void tool(Fixed id, Fixed name, Fixed vendor, std::string_view version) {
        json_.begin_object();
        json_.member("id", id.text());
        json_.member("name", name.text());
        json_.key("vendor");
        json_.begin_object();
        json_.member("name", vendor.text());
        json_.end_object();
        plain_.clear();
        if (version.empty())
            plain_.say("unknown");
        else
            plain_.quote(version, version_bytes_max);
        json_.member("version", plain_.text());
        json_.end_object();
    }

    // GitLab takes UTC without its mark, and refuses the report otherwise.
    static std::string time(SystemTime at) {
        auto text = to_rfc3339(at);
        if (text.ends_with('Z'))
            text.pop_back();
        return text;
    }

    void message(std::string_view level) { // what `plain_` says
        json_.begin_object();
        json_.member("level", level);
        json_.member("value", plain_.text());
        json_.end_object();
    }

    void messages() {
        for (auto const& notice : notices_of(record_)) {
            say_notice(plain_.clear(), notice);
            message(notice.kind == Notice::Kind::undecided ? "fatal" : "warn");
        }
        if (cut_ > 0) {
            say_cut(plain_.clear(), cut_);
            message("warn");
        }
        if (!record_.is_decided())
            return;
        auto const& summary = record_.account().summary;
        plain_.clear().say("Verdict of clairgate: ").quote(record_.verdict_word(), 20).say(". ");
        if (record_.findings().empty())
            plain_.say("No known vulnerability was found.");
        else
            plain_.say("Findings that block: ")
                .number(summary.block)
                .say(", warn: ")
                .number(summary.warn)
                .say(", are allowed: ")
                .number(summary.allow)
                .say(", of these by an exception: ")
                .number(summary.waived)
                .say(".");
        message("info");
    }

    JsonWriter& json_;
    Record const& record_;
    std::size_t cut_;
    Prose plain_{Prose::Kind::plain};
};

} // namespace

void render_gitlab(Record const& record, RenderOptions const&, Out& out) {
    Alerts const alerts(record);
    auto const shown = alerts.front(vulnerabilities_max, outside_bytes_max);
    JsonWriter json(out);
    json.begin_object();
    json.key("remediations"); // of patches to the repository's files, which are not known
    json.begin_array();
    json.end_array();
    json.key("scan");
    ScanWriter(json, record, alerts.all().size() - shown.size()).write();
    json.member("schema",
                "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/"
                "v15.2.1/dist/container-scanning-report-format.json");
    json.member("version", "15.2.1");
    json.key("vulnerabilities");
    write_gitlab_vulnerabilities(json, record, alerts, shown);
    json.end_object();
    std::move(json).finish();
}

} // namespace clairgate::report
