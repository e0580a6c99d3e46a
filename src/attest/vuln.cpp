#include <clairgate/attest/json_text.hpp>
#include <clairgate/attest/json_view.hpp>
#include <clairgate/attest/vuln.hpp>
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>

#include <array>

namespace clairgate::attest {

namespace {

constexpr std::size_t time_bytes_max = 64; // a peer's text would be repeated in the message

bool is_plain_in_purl(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("-._~:").find(c) != std::string_view::npos;
}

Result<std::optional<SystemTime>> read_time(JsonMembers const& metadata, std::string_view key) {
    if (metadata.find(key) == nullptr)
        return std::optional<SystemTime>();
    auto const text = TRY(metadata.string(key));
    auto time = parse_rfc3339(text.substr(0, time_bytes_max));
    if (!time.has_value() || text.size() > time_bytes_max)
        return Error(ErrorKind::protocol, cat("\"", key, "\" is not an RFC 3339 time"));
    return std::optional(*time);
}

Result<VulnRecord> read_predicate(std::string_view predicate) {
    constexpr std::array<std::string_view, 2> known{"scanner", "metadata"};
    constexpr std::array<std::string_view, 1> scanner_known{"result"};
    constexpr std::array<std::string_view, 2> metadata_known{"scanStartedOn", "scanFinishedOn"};
    auto const members =
        TRY(read_members(TRY(JsonView::parse(predicate)), "the document", known, true));
    auto const scanner =
        TRY(read_members(TRY(members.get("scanner")), "\"scanner\"", scanner_known, true));
    auto const result = TRY(scanner.get("result"));
    VulnRecord out;
    if (auto const* const metadata = members.find("metadata"); metadata != nullptr) {
        auto const times = TRY(read_members(*metadata, "\"metadata\"", metadata_known, true));
        out.started = TRY(read_time(times, "scanStartedOn"));
        out.finished = TRY(read_time(times, "scanFinishedOn"));
    }
    out.result = result.text_with_space();
    return out;
}

} // namespace

std::string scanner_uri(std::string_view version) {
    std::string out = "pkg:github/quay/clair";
    if (version.empty())
        return out;
    out += '@';
    for (char const& c : version) {
        if (is_plain_in_purl(c))
            out += c;
        else
            out += cat('%', to_hex({&c, 1}));
    }
    return out;
}

std::string vuln_predicate(ScanFacts const& facts, std::string_view report_json) {
    std::string out;
    out.reserve(report_json.size() + 2048);
    out += R"({"invocation":{"parameters":null,)";
    append_json_member(out, "uri", facts.invocation_uri);
    out += ',';
    append_json_member(out, "event_id", facts.event_id);
    out += ',';
    append_json_member(out, "builder.id", facts.builder_id);
    out += R"(},"scanner":{)";
    append_json_member(out, "uri", scanner_uri(facts.scanner_version));
    out += ',';
    append_json_member(out, "version", facts.scanner_version);
    out += R"(,"db":{)";
    append_json_member(out, "uri", facts.database);
    out += ',';
    append_json_member(out, "version", facts.database_state);
    out += R"(},"result":)";
    out += report_json;
    out += R"(},"metadata":{)";
    append_json_member(out, "scanStartedOn", to_rfc3339(facts.started));
    out += ',';
    append_json_member(out, "scanFinishedOn", to_rfc3339(facts.finished));
    out += "}}";
    return out;
}

Result<VulnRecord> parse_vuln_predicate(std::string_view predicate) {
    return read_predicate(predicate).with_context("vulnerability predicate");
}

} // namespace clairgate::attest
