#include <clairgate/report/json_parts.hpp>

namespace clairgate::report {

namespace {

// "" stands for none in an Account, null in report.json.
void optional_text(JsonWriter& json, std::string_view name, std::string const& text) {
    json.key(name);
    if (text.empty())
        json.null();
    else
        json.value(text);
}

void write_decision(JsonWriter& json, Account const& account, Decided const& decided) {
    auto const& origin = account.rules.at(decided.rule).origin;
    json.begin_object();
    json.member("assumed", decided.is_assumed);
    json.member("column", origin.column);
    optional_text(json, "exception", decided.exception);
    json.member("file", origin.file);
    json.member("level", policy::to_string(origin.level));
    json.member("line", origin.line);
    json.key("lock");
    if (decided.lock)
        write_place(json, account.rules.at(*decided.lock).origin);
    else
        json.null();
    optional_text(json, "pinned", decided.pinned);
    json.member("remedy", decided.remedy);
    json.member("rule", origin.rule);
    json.member("sentence", decided.sentence);
    json.member("turns_red", time_text(decided.turns_red));
    json.end_object();
}

void write_package(JsonWriter& json, finding::Package const& package) {
    json.begin_object();
    json.member("architecture", package.architecture);
    json.member("ecosystem", package.ecosystem);
    json.member("kind", package.kind);
    json.member("module", package.module);
    json.member("name", package.name);
    json.member("purl", package.purl);
    json.member("repository", package.repository);
    json.key("source");
    json.begin_object();
    json.member("name", package.source_name);
    json.member("version", package.source_version);
    json.end_object();
    json.member("version", package.version);
    json.end_object();
}

void write_cvss(JsonWriter& json, std::vector<finding::Cvss> const& scores) {
    json.begin_array();
    for (auto const& one : scores) {
        json.begin_object();
        json.member("score", one.score);
        json.member("vector", one.vector);
        json.member("version", one.version);
        json.end_object();
    }
    json.end_array();
}

void write_finding(JsonWriter& json,
                   Account const& account,
                   finding::Finding const& finding,
                   Decided const* decision) {
    json.begin_object();
    if (decision != nullptr)
        json.member("action", policy::to_string(decision->action));
    json.member("aliases", finding.aliases);
    json.key("cvss");
    write_cvss(json, finding.cvss);
    json.key("dates");
    json.begin_object();
    json.member("first_seen", time_text(finding.first_seen));
    json.member("fix_first_seen", time_text(finding.fix_first_seen));
    json.member("published", time_text(finding.published));
    json.end_object();
    if (decision != nullptr) {
        json.key("decision");
        write_decision(json, account, *decision);
    }
    json.member("description", finding.description);
    json.member("distribution", finding.distribution);
    json.member("epss", finding.epss);
    json.member("fixed_version", finding.fixed_version);
    json.member("id", finding.id);
    json.member("kev", finding.is_known_exploited);
    json.key("layer");
    json.begin_object();
    json.member("base", finding.is_base_layer);
    json.member("digest", finding.layer ? std::optional(finding.layer->text()) : std::nullopt);
    json.end_object();
    json.member("links", finding.links);
    json.member("new", finding.is_new);
    json.key("package");
    write_package(json, finding.package);
    json.member("platform", finding.platform);
    json.member("severity", finding::to_string(finding.severity));
    json.member("severity_source", finding.severity_source);
    json.member("updater", finding.updater);
    json.key("vendor_severity");
    json.begin_object();
    json.member("normalized", finding::to_string(finding.vendor_severity));
    json.member("word", finding.vendor_severity_word);
    json.end_object();
    json.member("waived", decision != nullptr && decision->is_waived);
    json.end_object();
}

} // namespace

std::optional<std::string> time_text(std::optional<SystemTime> time) {
    return time ? std::optional(to_rfc3339(*time)) : std::nullopt;
}

void write_place(JsonWriter& json, policy::Origin const& origin) {
    json.begin_object();
    json.member("column", origin.column);
    json.member("file", origin.file);
    json.member("level", policy::to_string(origin.level));
    json.member("line", origin.line);
    json.member("rule", origin.rule);
    json.end_object();
}

void write_findings(JsonWriter& json, Record const& record) {
    json.begin_array();
    for (std::size_t i = 0; i < record.findings().size(); ++i)
        write_finding(json, record.account(), record.findings()[i], record.decision(i));
    json.end_array();
}

} // namespace clairgate::report
