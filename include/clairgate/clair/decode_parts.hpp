#pragma once

#include <clairgate/base/text.hpp>
#include <clairgate/clair/ecosystems.hpp>
#include <clairgate/clair/json_object.hpp>
#include <clairgate/finding/finding.hpp>

#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::clair {

/// Decodes the entries of a report one by one; keeps one small parser. For decode.cpp alone.
class PartDecoder {
  public:
    /// Calls `take(position in keys, value)`, which gives a Result<void>, for each member of the
    /// object `text` that is one of `keys` (at most 32); one of them twice is refused. `text` lies
    /// inside the report's padded buffer.
    template <typename Take>
    Result<void> object(std::string_view text, std::span<std::string_view const> keys, Take take) {
        simdjson::dom::object const members = TRY(members_of(text));
        std::uint32_t seen = 0;
        for (auto const member : members) {
            auto const found = std::find(keys.begin(), keys.end(), member.key);
            if (found == keys.end())
                continue;
            auto const position = static_cast<std::size_t>(found - keys.begin());
            if (((seen >> position) & 1U) != 0)
                return Error(ErrorKind::protocol, cat("JSON key twice: \"", member.key, "\""));
            seen |= 1U << position;
            TRY_VOID(take(position, member.value));
        }
        return ok();
    }
    /// The elements of an array of strings; null and [] are nothing.
    Result<std::vector<std::string>> strings(std::string_view text);
    /// A string value.
    Result<std::string> string(std::string_view text);
    Result<simdjson::dom::element> parse(std::string_view text);

    /// The string in `value`; another type is an error that names the key. null counts as "".
    static Result<std::string_view> text(std::string_view key, simdjson::dom::element value);
    /// The same for what each finding repeats: kind limit beyond 4 KiB.
    static Result<std::string> name(std::string_view key, simdjson::dom::element value);

  private:
    Result<simdjson::dom::object> members_of(std::string_view text);
    simdjson::dom::parser parser_;
};

/// Where a package is, of its environments: the first layer, the distribution and repositories by
/// id.
struct Environment {
    std::string database; ///< Clair's package_db: "var/lib/dpkg/status", "python:usr/lib/…"
    std::string layer;
    std::string distribution_id;
    std::vector<std::string> repository_ids;
};

Result<finding::Package> decode_package(PartDecoder& decoder, std::string_view json);
Result<Habitat> decode_distribution(PartDecoder& decoder, std::string_view json);
Result<Habitat> decode_repository(PartDecoder& decoder, std::string_view json);
Result<Environment> decode_environments(PartDecoder& decoder, std::string_view json);
/// The finding's own facts of a vulnerability (id, aliases, severities, dates, links…), with
/// `fixed_version` still as Clair spells it.
Result<finding::Finding> decode_vulnerability(PartDecoder& decoder, std::string_view json);
/// CVSS scores, highest first, of one value of the enrichment's map.
Result<std::vector<finding::Cvss>> decode_cvss(PartDecoder& decoder, std::string_view json);

} // namespace clairgate::clair
