#include <clairgate/base/text.hpp>
#include <clairgate/report/alert_words.hpp>
#include <clairgate/report/formats.hpp>
#include <clairgate/report/sarif_parts.hpp>

#include <algorithm>

namespace clairgate::report {

namespace {

constexpr std::size_t text_bytes_max = 1000;

// "1.2.3" or "1.2.3-rc.1+build": what readers that know semantic versions may compare.
bool is_semantic_version(std::string_view version) {
    auto const core = version.substr(0, version.find_first_of("-+"));
    auto const numbers = split(core, '.');
    auto const is_number = [](std::string_view piece) { return parse_unsigned(piece).has_value(); };
    auto const is_allowed = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '.' || c == '-' || c == '+';
    };
    return numbers.size() == 3 && version.size() <= 64 &&
           std::all_of(numbers.begin(), numbers.end(), is_number) &&
           std::all_of(version.begin(), version.end(), is_allowed) &&
           version.find_first_of("+-", version.size() - 1) == std::string_view::npos;
}

class RunWriter {
  public:
    RunWriter(JsonWriter& json, SarifPlan const& plan) : json_(json), plan_(plan) {}

    void write() {
        json_.begin_object();
        json_.key("automationDetails");
        json_.begin_object();
        category();
        json_.end_object();
        json_.member("columnKind", "utf16CodeUnits");
        json_.key("invocations");
        json_.begin_array();
        invocation();
        json_.end_array();
        json_.key("properties");
        properties();
        json_.key("results");
        write_sarif_results(json_, plan_);
        json_.key("tool");
        json_.begin_object();
        json_.key("driver");
        driver();
        json_.end_object();
        json_.end_object();
    }

  private:
    // A later upload of the same category replaces an earlier one, so images and the platforms of
    // separate scans have their own. Where one scan has several platforms, it is the image's.
    void category() {
        auto const& record = plan_.record();
        auto const& platforms = record.scan().platforms;
        plain_.clear().say("clairgate/").quote(record.reference().repository().path, 255).say("/");
        if (platforms.size() == 1 && !platforms.front().platform.empty())
            plain_.quote(platforms.front().platform, 100).say("/");
        json_.member("id", plain_.text());
    }

    void notification(std::string_view level) { // what `message_` says
        json_.begin_object();
        json_.member("level", level);
        json_.key("message");
        json_.begin_object();
        json_.member("text", message_.text());
        json_.end_object();
        json_.end_object();
    }

    void notifications() {
        auto const& record = plan_.record();
        for (auto const& notice : plan_.notices()) {
            say_notice(message_.clear(), notice);
            notification(sarif_level(notice.effect));
        }
        if (plan_.cut() > 0) {
            say_cut(message_.clear(), plan_.cut());
            notification("warning");
        }
        if (plan_.artifact().is_source_refused) {
            message_.clear().say("The source file is no path below the checkout, so findings are "
                                 "shown at the repository's path.");
            notification("warning");
        }
        if (record.is_decided() && !record.account().policy.is_enforced) {
            message_.clear().say("The policy only reports: a block does not fail the run.");
            notification("note");
        }
        if (record.is_decided() && record.findings().empty()) {
            std::size_t packages = 0;
            for (auto const& platform : record.scan().platforms)
                packages += platform.packages;
            message_.clear().say("No known vulnerability in ").number(packages).say(" packages.");
            notification("note");
        }
    }

    void invocation() {
        auto const& run = plan_.record().run();
        bool const has_times = run.started > SystemTime{}; // a stored report of others has none
        json_.begin_object();
        if (has_times)
            json_.member("endTimeUtc", to_rfc3339(run.finished));
        json_.member("executionSuccessful", plan_.record().is_decided());
        if (has_times)
            json_.member("startTimeUtc", to_rfc3339(run.started));
        json_.key("toolExecutionNotifications");
        json_.begin_array();
        notifications();
        json_.end_array();
        json_.end_object();
    }

    void properties() {
        auto const& record = plan_.record();
        auto const& summary = record.account().summary;
        json_.begin_object();
        json_.key("counts");
        json_.begin_object();
        if (record.is_decided()) {
            json_.member("allow", std::uint64_t{summary.allow});
            json_.member("block", std::uint64_t{summary.block});
        }
        json_.member("findings", std::uint64_t{record.findings().size()});
        json_.member("resultsNotShown", std::uint64_t{plan_.cut()});
        if (record.is_decided()) {
            json_.member("waived", std::uint64_t{summary.waived});
            json_.member("warn", std::uint64_t{summary.warn});
        }
        json_.end_object();
        if (auto const date = record.data_date())
            json_.member("dataDate", to_rfc3339(*date));
        json_.member("digest", record.digest());
        json_.member("image",
                     plain_.clear().quote(record.reference().text(), text_bytes_max).text());
        json_.member("policyEnforced", record.account().policy.is_enforced);
        json_.member("policyTrusted", record.account().policy.is_trusted);
        json_.member("verdict", record.verdict_word());
        json_.end_object();
    }

    void driver() {
        auto const& version = plan_.record().clairgate_version();
        json_.begin_object();
        json_.member("name", "clairgate");
        json_.key("rules");
        write_sarif_rules(json_, plan_);
        if (is_semantic_version(version))
            json_.member("semanticVersion", version);
        if (!version.empty())
            json_.member("version", plain_.clear().quote(version, 100).text());
        json_.end_object();
    }

    JsonWriter& json_;
    SarifPlan const& plan_;
    Prose plain_{Prose::Kind::plain};
    Prose message_{Prose::Kind::message};
};

} // namespace

void render_sarif(Record const& record, RenderOptions const& options, Out& out) {
    SarifPlan const plan(record, options);
    JsonWriter json(out);
    json.begin_object();
    json.member("$schema",
                "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                "sarif-schema-2.1.0.json");
    json.key("runs");
    json.begin_array();
    RunWriter(json, plan).write();
    json.end_array();
    json.member("version", "2.1.0");
    json.end_object();
    std::move(json).finish();
}

} // namespace clairgate::report
