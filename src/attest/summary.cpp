#include <clairgate/attest/json_text.hpp>
#include <clairgate/attest/json_view.hpp>
#include <clairgate/attest/summary.hpp>
#include <clairgate/base/text.hpp>

#include <algorithm>
#include <array>

namespace clairgate::attest {

namespace {

constexpr std::string_view passed = "PASSED";
constexpr std::string_view failed = "FAILED";
constexpr std::size_t levels_max = 64;

// A line break would let one file's name look like two files.
std::string on_one_line(std::string_view uri) {
    std::string out;
    for (char const c : uri) {
        if (c == '\n')
            out += "%0A";
        else
            out += c;
    }
    return out;
}

image::Digest policy_digest(std::vector<VerificationSummary::PolicyFile> const& files) {
    std::vector<std::string> lines;
    lines.reserve(files.size());
    for (auto const& file : files)
        lines.push_back(cat(file.digest.text(), "  ", on_one_line(file.uri), "\n"));
    std::sort(lines.begin(), lines.end());
    return image::Digest::of(join(lines, ""));
}

void append_digest(std::string& out, image::Digest const& digest) {
    out += cat(R"("digest":{")", digest.algorithm(), "\":\"", digest.hex(), "\"}");
}

std::string_view level_of(VerificationSummary const& summary) {
    if (summary.has_passed && summary.verdict == "pass")
        return "CLAIRGATE_SCAN_PASS";
    if (summary.has_passed && summary.verdict == "warn")
        return "CLAIRGATE_SCAN_WARN";
    return failed;
}

Result<ParsedSummary> read_summary(std::string_view predicate) {
    constexpr std::array<std::string_view, 6> known{"verifier",
                                                    "timeVerified",
                                                    "resourceUri",
                                                    "policy",
                                                    "verificationResult",
                                                    "verifiedLevels"};
    constexpr std::array<std::string_view, 1> verifier_known{"id"};
    constexpr std::array<std::string_view, 1> policy_known{"uri"};
    auto const members =
        TRY(read_members(TRY(JsonView::parse(predicate)), "the document", known, true));
    auto const verifier =
        TRY(read_members(TRY(members.get("verifier")), "\"verifier\"", verifier_known, true));
    ParsedSummary out;
    out.verifier_id = TRY(verifier.string("id"));
    out.resource_uri = TRY(members.string("resourceUri"));
    auto const policy =
        TRY(read_members(TRY(members.get("policy")), "\"policy\"", policy_known, true));
    out.policy_uri = TRY(policy.string("uri"));
    out.verified = TRY(parse_rfc3339(TRY(members.string("timeVerified"))));
    auto const result = TRY(members.string("verificationResult"));
    if (result != passed && result != failed)
        return Error(ErrorKind::protocol, "\"verificationResult\" is neither PASSED nor FAILED");
    out.has_passed = result == passed;
    for (auto const& level :
         TRY(read_items(TRY(members.get("verifiedLevels")), "\"verifiedLevels\"", levels_max)))
        out.levels.push_back(TRY(level.string("a verified level")));
    return out;
}

} // namespace

std::string summary_predicate(VerificationSummary const& summary) {
    auto const level = level_of(summary);
    std::string out = R"({"verifier":{)";
    append_json_member(out, "id", summary.verifier_id);
    out += R"(,"version":{)";
    append_json_member(out, "clairgate", summary.verifier_version);
    out += "}},";
    append_json_member(out, "timeVerified", to_rfc3339(summary.verified));
    out += ',';
    append_json_member(out, "resourceUri", summary.resource_uri);
    out += R"(,"policy":{)";
    append_json_member(out, "uri", summary.policy_uri);
    out += ',';
    append_digest(out, policy_digest(summary.policy_files));
    out += R"(},"inputAttestations":[{)";
    append_digest(out, summary.scan_report);
    out += "}],";
    append_json_member(out, "verificationResult", level == failed ? failed : passed);
    out += R"(,"verifiedLevels":[)";
    append_json_string(out, level);
    out += "]}";
    return out;
}

Result<ParsedSummary> parse_summary_predicate(std::string_view predicate) {
    return read_summary(predicate).with_context("verification summary");
}

} // namespace clairgate::attest
