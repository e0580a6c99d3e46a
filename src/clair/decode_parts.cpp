#include <clairgate/base/text.hpp>
#include <clairgate/clair/decode_parts.hpp>
#include <clairgate/clair/vulnerability_id.hpp>

#include <algorithm>
#include <tuple>

namespace clairgate::clair {

namespace {

using simdjson::dom::element;

constexpr std::size_t entry_depth_max = 32;
// Names and versions of any real package are far shorter; they are repeated in each finding.
constexpr std::size_t name_bytes_max = 4096;
constexpr std::size_t aliases_max = 1000;
constexpr std::size_t alias_bytes_max = 256;

Error broken(std::string_view key, std::string_view wanted) {
    return {ErrorKind::protocol, cat("\"", key, "\" of the report is not ", wanted)};
}

// Cut at a character, so that the text stays UTF-8.
std::string shortened(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max)
        return std::string(text);
    auto end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return std::string(text.substr(0, end));
}

std::vector<std::string> links_of(std::string_view text) {
    std::vector<std::string> links;
    for (auto const piece : split(text, ' ')) {
        bool const is_web = piece.starts_with("https://") || piece.starts_with("http://");
        if (is_web && links.size() < finding::links_max && piece.size() <= 2048)
            links.emplace_back(piece);
    }
    std::sort(links.begin(), links.end());
    links.erase(std::unique(links.begin(), links.end()), links.end());
    return links;
}

// Aliases of newer Clair: objects {space, name}, or null.
Result<std::vector<std::string>> aliases_of(element value) {
    std::vector<std::string> aliases;
    if (value.is_null())
        return aliases;
    simdjson::dom::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS)
        return broken("Aliases", "an array");
    for (element const alias : array) {
        std::string_view space;
        std::string_view name;
        if (alias["name"].get_string().get(name) != simdjson::SUCCESS)
            continue;
        if (name.size() > alias_bytes_max)
            return Error(ErrorKind::limit, "an alias of the report is too long");
        if (alias["space"].get_string().get(space) != simdjson::SUCCESS ||
            space.find_first_of(":/") != std::string_view::npos)
            space = {}; // a namespace's address is no part of the id
        bool const is_whole =
            space.empty() || equals_ignoring_case(name.substr(0, space.size()), space);
        aliases.push_back(is_whole ? std::string(name) : cat(space, "-", name));
    }
    return aliases;
}

Result<std::optional<SystemTime>> date_of(std::string_view text) {
    if (text.empty() || text.starts_with("0001-"))
        return std::optional<SystemTime>();
    return std::optional<SystemTime>(TRY(parse_rfc3339(text)));
}

// What a vulnerability tells beside the fields that go straight into a finding.
struct RawVulnerability {
    std::string name;
    std::string links;
    std::vector<std::string> aliases;
    bool has_severity = false;
};

Result<void> take_vulnerability(finding::Finding& finding,
                                RawVulnerability& raw,
                                std::string_view key,
                                element value) {
    if (key == "name") {
        raw.name = TRY(PartDecoder::name(key, value));
    } else if (key == "links") {
        raw.links = TRY(PartDecoder::text(key, value));
    } else if (key == "updater") {
        finding.updater = TRY(PartDecoder::name(key, value));
    } else if (key == "description") {
        finding.description =
            shortened(TRY(PartDecoder::text(key, value)), finding::description_bytes_max);
    } else if (key == "severity") {
        finding.vendor_severity_word = shortened(TRY(PartDecoder::text(key, value)), 256);
    } else if (key == "fixed_in_version") {
        finding.fixed_version = TRY(PartDecoder::name(key, value));
    } else if (key == "issued") {
        finding.published = TRY(date_of(TRY(PartDecoder::text(key, value))));
    } else if (key == "Aliases") {
        raw.aliases = TRY(aliases_of(value));
    } else if (key == "normalized_severity") {
        auto const severity = finding::parse_severity(TRY(PartDecoder::text(key, value)));
        if (!severity)
            return broken(key, "a severity");
        finding.vendor_severity = *severity;
        raw.has_severity = true;
    }
    return ok();
}

} // namespace

Result<element> PartDecoder::parse(std::string_view text) {
    if (parser_.max_depth() != entry_depth_max &&
        parser_.allocate(std::max<std::size_t>(text.size(), 4096), entry_depth_max) !=
            simdjson::SUCCESS)
        return Error(ErrorKind::limit, "out of memory for the report");
    element parsed;
    // The bytes behind `text` belong to the same padded buffer, so nothing needs to be copied.
    auto const failed = parser_.parse(text.data(), text.size(), false).get(parsed);
    if (failed != simdjson::SUCCESS)
        return Error(ErrorKind::protocol, cat("broken JSON: ", simdjson::error_message(failed)));
    return parsed;
}

Result<simdjson::dom::object> PartDecoder::members_of(std::string_view text) {
    auto const parsed = TRY(parse(text));
    simdjson::dom::object members;
    if (parsed.get_object().get(members) != simdjson::SUCCESS)
        return Error(ErrorKind::protocol, "an entry of the report is not an object");
    return members;
}

Result<std::string_view> PartDecoder::text(std::string_view key, element value) {
    std::string_view out;
    if (value.is_null())
        return out;
    if (value.get_string().get(out) != simdjson::SUCCESS)
        return broken(key, "a string");
    if (out.find('\0') != std::string_view::npos)
        return broken(key, "text: it holds NUL");
    return out;
}

Result<std::string> PartDecoder::name(std::string_view key, element value) {
    auto const out = TRY(text(key, value));
    if (out.size() > name_bytes_max)
        return Error(ErrorKind::limit, cat("\"", key, "\" of the report is too long"));
    return std::string(out);
}

Result<std::string> PartDecoder::string(std::string_view text_of_value) {
    auto const parsed = TRY(parse(text_of_value));
    return std::string(TRY(text("value", parsed)));
}

Result<std::vector<std::string>> PartDecoder::strings(std::string_view text_of_value) {
    auto const parsed = TRY(parse(text_of_value));
    std::vector<std::string> out;
    if (parsed.is_null())
        return out;
    simdjson::dom::array array;
    if (parsed.get_array().get(array) != simdjson::SUCCESS)
        return broken("package_vulnerabilities", "an array");
    for (element const item : array) {
        std::string_view id;
        if (item.get_string().get(id) != simdjson::SUCCESS)
            return broken("package_vulnerabilities", "an array of strings");
        out.emplace_back(id);
    }
    return out;
}

Result<finding::Package> decode_package(PartDecoder& decoder, std::string_view json) {
    static constexpr std::string_view keys[] = {
        "name", "version", "kind", "arch", "module", "source"};
    finding::Package package;
    std::string* const fields[] = {
        &package.name, &package.version, &package.kind, &package.architecture, &package.module};
    auto const take = [&](std::size_t position, element value) -> Result<void> {
        auto const key = keys[position];
        if (position < std::size(fields)) {
            *fields[position] = TRY(PartDecoder::name(key, value));
            return ok();
        }
        if (value.is_null())
            return ok();
        simdjson::dom::object source;
        if (value.get_object().get(source) != simdjson::SUCCESS)
            return broken(key, "an object");
        for (auto const member : source) {
            if (member.key == "name")
                package.source_name = TRY(PartDecoder::name(member.key, member.value));
            if (member.key == "version")
                package.source_version = TRY(PartDecoder::name(member.key, member.value));
        }
        return ok();
    };
    TRY_VOID(decoder.object(json, keys, take));
    return package;
}

Result<Habitat> decode_distribution(PartDecoder& decoder, std::string_view json) {
    static constexpr std::string_view keys[] = {
        "did", "version", "version_id", "version_code_name", "pretty_name"};
    Habitat habitat;
    std::string* const fields[] = {&habitat.did,
                                   &habitat.version,
                                   &habitat.version_id,
                                   &habitat.code_name,
                                   &habitat.pretty_name};
    TRY_VOID(decoder.object(json, keys, [&](std::size_t position, element value) -> Result<void> {
        *fields[position] = TRY(PartDecoder::name(keys[position], value));
        return ok();
    }));
    return habitat;
}

Result<Habitat> decode_repository(PartDecoder& decoder, std::string_view json) {
    static constexpr std::string_view keys[] = {"name", "key"};
    Habitat habitat;
    std::string* const fields[] = {&habitat.repository_name, &habitat.repository_key};
    TRY_VOID(decoder.object(json, keys, [&](std::size_t position, element value) -> Result<void> {
        *fields[position] = TRY(PartDecoder::name(keys[position], value));
        return ok();
    }));
    return habitat;
}

Result<Environment> decode_environments(PartDecoder& decoder, std::string_view json) {
    Environment out;
    auto const parsed = TRY(decoder.parse(json));
    if (parsed.is_null())
        return out;
    simdjson::dom::array array;
    if (parsed.get_array().get(array) != simdjson::SUCCESS)
        return broken("environments", "an object of arrays");
    for (element const entry : array) {
        simdjson::dom::object members;
        if (entry.get_object().get(members) != simdjson::SUCCESS)
            return broken("environments", "an array of objects");
        for (auto const member : members) {
            if (member.key == "package_db" && out.database.empty())
                out.database = TRY(PartDecoder::name(member.key, member.value));
            if (member.key == "introduced_in" && out.layer.empty())
                out.layer = TRY(PartDecoder::name(member.key, member.value));
            if (member.key == "distribution_id" && out.distribution_id.empty())
                out.distribution_id = TRY(PartDecoder::name(member.key, member.value));
            if (member.key != "repository_ids" || member.value.is_null())
                continue;
            simdjson::dom::array ids;
            if (member.value.get_array().get(ids) != simdjson::SUCCESS)
                return broken(member.key, "an array");
            for (element const id : ids)
                out.repository_ids.emplace_back(TRY(PartDecoder::text(member.key, id)));
        }
    }
    return out;
}

Result<finding::Finding> decode_vulnerability(PartDecoder& decoder, std::string_view json) {
    static constexpr std::string_view keys[] = {"name",
                                                "links",
                                                "updater",
                                                "description",
                                                "severity",
                                                "fixed_in_version",
                                                "issued",
                                                "Aliases",
                                                "normalized_severity"};
    finding::Finding finding;
    RawVulnerability raw;
    TRY_VOID(decoder.object(json, keys, [&](std::size_t position, element value) {
        return take_vulnerability(finding, raw, keys[position], value);
    }));
    if (raw.name.empty() || !raw.has_severity)
        return Error(ErrorKind::protocol, "a vulnerability of the report has no name or severity");
    auto identity = identify(raw.name, raw.links, raw.aliases);
    if (identity.aliases.size() > aliases_max)
        return Error(ErrorKind::limit, "a vulnerability of the report has too many aliases");
    finding.id = std::move(identity.id);
    finding.aliases = std::move(identity.aliases);
    finding.links = links_of(raw.links);
    finding.severity = finding.vendor_severity;
    finding.severity_source = "vendor";
    return finding;
}

Result<std::vector<finding::Cvss>> decode_cvss(PartDecoder& decoder, std::string_view json) {
    std::vector<finding::Cvss> scores;
    auto const parsed = TRY(decoder.parse(json));
    simdjson::dom::array array;
    if (parsed.is_null())
        return scores;
    if (parsed.get_array().get(array) != simdjson::SUCCESS)
        return broken("enrichments", "an array");
    for (element const entry : array) {
        finding::Cvss cvss;
        std::string_view text;
        if (entry["baseScore"].get_double().get(cvss.score) != simdjson::SUCCESS)
            return broken("baseScore", "a number");
        if (!(cvss.score >= 0 && cvss.score <= 10))
            return broken("baseScore", "between 0 and 10");
        if (entry["version"].get_string().get(text) == simdjson::SUCCESS)
            cvss.version = text;
        if (entry["vectorString"].get_string().get(text) == simdjson::SUCCESS)
            cvss.vector = shortened(text, 256);
        scores.push_back(std::move(cvss));
    }
    std::sort(scores.begin(), scores.end(), [](auto const& a, auto const& b) {
        return std::tie(b.score, a.version, a.vector) < std::tie(a.score, b.version, b.vector);
    });
    return scores;
}

} // namespace clairgate::clair
