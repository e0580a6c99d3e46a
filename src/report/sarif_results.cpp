#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/report/alert_words.hpp>
#include <clairgate/report/sarif_parts.hpp>

namespace clairgate::report {

namespace {

class ResultWriter {
  public:
    ResultWriter(JsonWriter& json, SarifPlan const& plan) : json_(json), plan_(plan) {
        image_ = cat(plan.record().reference().repository().text(), "@", plan.record().digest());
    }

    void write(std::size_t place) {
        auto const& alert = plan_.shown()[place];
        auto const& finding = plan_.alerts().finding(alert);
        auto const& record = plan_.record();
        json_.begin_object();
        json_.member("level", sarif_level(finding.severity));
        locations(&finding);
        message_.clear();
        say_subject(message_, finding);
        message_.say(" ");
        say_decision(message_, plan_.alerts(), alert, record);
        say_platforms(message_, plan_.alerts(), alert, record);
        message();
        fingerprint(alert_digest(record, finding));
        properties(alert, finding);
        json_.member("ruleId", plan_.rules()[plan_.rule_of(place)].id);
        json_.member("ruleIndex", plan_.rule_of(place));
        suppressions(plan_.alerts().decision(alert));
        json_.end_object();
    }

    /// A result of a rule of our own; the sentence is in `message_`.
    void write_own(std::string_view level, std::string_view rule, std::string_view name) {
        json_.begin_object();
        json_.member("level", level);
        locations(nullptr);
        message();
        fingerprint(notice_digest(plan_.record(), rule, name));
        json_.member("ruleId", rule);
        suppressions(nullptr);
        json_.end_object();
    }

    void write(Notice const& notice) {
        message_.clear();
        say_notice(message_, notice);
        write_own(sarif_level(notice.effect), own_rule_id(notice.kind), notice.name);
    }

    void write_cut() {
        message_.clear();
        say_cut(message_, plan_.cut());
        write_own("warning", cut_rule_id, {});
    }

  private:
    void message() {
        json_.key("message");
        json_.begin_object();
        json_.member("text", message_.text());
        json_.end_object();
    }

    void locations(finding::Finding const* finding) {
        json_.key("locations");
        json_.begin_array();
        json_.begin_object();
        json_.key("logicalLocations");
        json_.begin_array();
        logical_location(finding);
        json_.end_array();
        json_.key("physicalLocation");
        json_.begin_object();
        json_.key("artifactLocation");
        json_.begin_object();
        json_.member("uri", plan_.artifact().uri);
        json_.end_object();
        json_.key("region"); // GitHub asks for all four
        json_.begin_object();
        json_.member("endColumn", std::uint64_t{1});
        json_.member("endLine", std::uint64_t{1});
        json_.member("startColumn", std::uint64_t{1});
        json_.member("startLine", std::uint64_t{1});
        json_.end_object();
        json_.end_object();
        json_.end_object();
        json_.end_array();
    }

    // repository@digest//layer:package, as far as it is known.
    void logical_location(finding::Finding const* finding) {
        constexpr std::size_t image_bytes_max = 512;
        bool const has_package = finding != nullptr && !finding->package.name.empty();
        name_.clear().quote(image_, image_bytes_max);
        if (finding != nullptr && finding->layer)
            name_.say("//").quote(finding->layer->text(), image_bytes_max);
        if (has_package)
            name_.say(finding->layer ? Fixed(":") : Fixed("//"))
                .quote(finding->package.name, package_bytes_max);
        json_.begin_object();
        json_.member("fullyQualifiedName", name_.text());
        json_.member("kind", has_package ? "package" : "image");
        if (has_package)
            member("name", finding->package.name, package_bytes_max);
        json_.end_object();
    }

    void fingerprint(std::string_view digest) {
        json_.key("partialFingerprints");
        json_.begin_object();
        json_.member("primaryLocationLineHash", cat(to_hex(digest), ":1"));
        json_.end_object();
    }

    void member(std::string_view key, std::string_view untrusted, std::size_t bytes_max) {
        if (!untrusted.empty()) // an empty text counts as missing
            json_.member(key, name_.clear().quote(untrusted, bytes_max).text());
    }

    void properties(Alert const& alert, finding::Finding const& finding) {
        auto const& record = plan_.record();
        auto const* const decided = plan_.alerts().decision(alert);
        constexpr std::size_t version_bytes_max = 120;
        json_.key("properties");
        json_.begin_object();
        json_.member("action", decided == nullptr ? "undecided" : to_string(decided->action));
        member("ecosystem", finding.package.ecosystem, version_bytes_max);
        member("fixedVersion", finding.fixed_version, version_bytes_max);
        member("installedVersion", finding.package.version, version_bytes_max);
        member("instruction", record.instruction(finding), 2 * version_bytes_max);
        member("package", finding.package.name, package_bytes_max);
        name_.clear();
        list_platforms(name_, plan_.alerts(), alert);
        if (!name_.text().empty())
            json_.member("platforms", name_.text());
        json_.member("severity", finding::to_string(finding.severity));
        json_.end_object();
    }

    // Whoever wrote an exception asked for it: with a reason, an owner and an end. What a severity
    // or a rule allows nobody has looked at, so it stays open.
    void suppressions(Decided const* decided) {
        if (!plan_.has_suppressions())
            return;
        json_.key("suppressions");
        json_.begin_array();
        if (decided != nullptr && decided->is_waived) {
            json_.begin_object();
            json_.member("justification",
                         name_.clear().quote(decided->sentence, justification_bytes_max).text());
            json_.member("kind", "external");
            json_.member("status", "accepted");
            json_.end_object();
        }
        json_.end_array();
    }

    static constexpr std::size_t package_bytes_max = 200;
    static constexpr std::size_t justification_bytes_max = 1000;
    JsonWriter& json_;
    SarifPlan const& plan_;
    std::string image_;
    Prose message_{Prose::Kind::message};
    Prose name_{Prose::Kind::plain};
};

} // namespace

void write_sarif_results(JsonWriter& json, SarifPlan const& plan) {
    ResultWriter writer(json, plan);
    json.begin_array();
    for (auto const& notice : plan.notices())
        writer.write(notice);
    for (std::size_t place = 0; place < plan.shown().size(); ++place)
        writer.write(place);
    if (plan.cut() > 0)
        writer.write_cut();
    json.end_array();
}

} // namespace clairgate::report
