#include <clairgate/attest/json_text.hpp>
#include <clairgate/attest/vuln.hpp>
#include <clairgate/base/text.hpp>

#include <algorithm>
#include <charconv>
#include <tuple>
#include <vector>

namespace clairgate::attest {

namespace {

using finding::Finding;

// Names that GUAC reads scores of.
std::string_view method_of(std::string_view cvss_version) {
    constexpr std::pair<std::string_view, std::string_view> methods[] = {
        {"2.0", "CVSSv2"}, {"3.0", "CVSSv3"}, {"3.1", "CVSSv31"}, {"4.0", "CVSSv4"}};
    for (auto const& [version, method] : methods)
        if (version == cvss_version)
            return method;
    return "CVSS";
}

// Clair writes its words with a capital.
std::string word_of(finding::Severity severity) {
    std::string word(to_string(severity));
    word.front() = static_cast<char>(word.front() - 'a' + 'A');
    return word;
}

std::string score_text(double score) {
    char digits[16]; // 0.0 to 10.0, checked
    auto const end =
        std::to_chars(digits, digits + sizeof digits, score, std::chars_format::fixed, 1).ptr;
    return {digits, end};
}

finding::Cvss const* score_of(Finding const& finding) {
    auto const valid =
        std::find_if(finding.cvss.begin(), finding.cvss.end(), [](finding::Cvss const& cvss) {
            return cvss.score >= 0 && cvss.score <= 10;
        });
    return valid == finding.cvss.end() ? nullptr : &*valid;
}

auto entry_key(Finding const& finding) {
    return std::tie(
        finding.id, finding.package.name, finding.package.version, finding.package.purl);
}

// Orders findings of one entry, worst first; the rest of the order makes it total.
bool is_worse(Finding const& a, Finding const& b) {
    auto const* const score_a = score_of(a);
    auto const* const score_b = score_of(b);
    auto const value = [](finding::Cvss const* cvss) { return cvss == nullptr ? -1 : cvss->score; };
    if (a.vendor_severity != b.vendor_severity)
        return a.vendor_severity > b.vendor_severity;
    if (value(score_a) != value(score_b))
        return value(score_a) > value(score_b);
    auto const version = [](finding::Cvss const* cvss) {
        return cvss == nullptr ? std::string_view() : std::string_view(cvss->version);
    };
    return std::tuple(version(score_a), std::string_view(a.fixed_version)) >
           std::tuple(version(score_b), std::string_view(b.fixed_version));
}

// One finding for each entry.
std::vector<Finding const*> entries_of(finding::ScanReport const& scan) {
    std::vector<Finding const*> out;
    out.reserve(scan.findings.size());
    for (auto const& finding : scan.findings)
        out.push_back(&finding);
    std::sort(out.begin(), out.end(), [](Finding const* a, Finding const* b) {
        if (entry_key(*a) != entry_key(*b))
            return entry_key(*a) < entry_key(*b);
        return is_worse(*a, *b);
    });
    auto const is_same = [](Finding const* a, Finding const* b) {
        return entry_key(*a) == entry_key(*b);
    };
    out.erase(std::unique(out.begin(), out.end(), is_same), out.end());
    return out;
}

void append_severity(std::string& out, std::string_view method, std::string_view score) {
    out += '{';
    append_json_member(out, "method", method);
    out += ',';
    append_json_member(out, "score", score);
    out += '}';
}

void append_entry(std::string& out, Finding const& finding) {
    out += '{';
    append_json_member(out, "id", finding.id);
    out += ",\"severity\":[";
    append_severity(out, "clair", word_of(finding.vendor_severity));
    if (auto const* const cvss = score_of(finding); cvss != nullptr) {
        out += ',';
        append_severity(out, method_of(cvss->version), score_text(cvss->score));
    }
    out += "],\"annotations\":[{";
    append_json_member(out, "package", finding.package.name);
    out += ',';
    append_json_member(out, "version", finding.package.version);
    out += ',';
    append_json_member(out, "purl", finding.package.purl);
    out += ',';
    append_json_member(out, "fixedVersion", finding.fixed_version);
    out += "}]}";
}

void append_scanner(std::string& out, ScanFacts const& facts) {
    append_json_member(out, "uri", scanner_uri(facts.scanner_version));
    out += ',';
    append_json_member(out, "version", facts.scanner_version);
    out += R"(,"db":{)";
    append_json_member(out, "uri", facts.database);
    out += ',';
    append_json_member(out, "version", facts.database_state);
    if (auto const& updated = facts.database_updated) {
        out += ',';
        append_json_member(out, "lastUpdate", to_rfc3339(*updated));
    }
    out += '}';
}

} // namespace

std::string vulns_predicate(ScanFacts const& facts, finding::ScanReport const& scan) {
    auto const entries = entries_of(scan);
    std::string out;
    out.reserve(entries.size() * 320 + 2048);
    out += R"({"scanner":{)";
    append_scanner(out, facts);
    out += ",\"result\":[";
    for (auto const* const finding : entries) {
        out += out.ends_with('[') ? "" : ",";
        append_entry(out, *finding);
    }
    out += R"(]},"metadata":{)";
    append_json_member(out, "scanStartedOn", to_rfc3339(facts.started));
    out += ',';
    append_json_member(out, "scanFinishedOn", to_rfc3339(facts.finished));
    out += "}}";
    return out;
}

} // namespace clairgate::attest
