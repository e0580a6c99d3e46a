#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/time.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::policy {

/// Reads a document of facts (a catalogue, a VEX document) of at most `bytes_max` bytes, under
/// base/json.hpp's rules. Kind policy, whatever is wrong with it.
Result<nlohmann::json> parse_fact_json(std::string_view text, std::size_t bytes_max);

/// A value inside such a document that knows where it stands: "vulnerabilities/3". Every error is
/// of kind policy and names the member. Refers to the document, which must outlive it.
class FactNode {
  public:
    explicit FactNode(nlohmann::json const& value, std::string place = {})
        : value_(&value), place_(std::move(place)) {}

    std::string const& place() const { return place_; }
    nlohmann::json const& value() const { return *value_; }
    /// "vulnerabilities/3/cveID is not a CVE id"; without a key, about the value itself.
    Error wrong(std::string_view key, std::string_view what) const;

    bool is_object() const;
    /// The value itself as a string.
    Result<std::string> text() const;
    /// A member as a string; "" when absent or null.
    Result<std::string> text(std::string_view key) const;
    /// The same, where absence and "" are errors.
    Result<std::string> required_text(std::string_view key) const;
    /// RFC 3339; absent or null: nothing.
    Result<std::optional<SystemTime>> time(std::string_view key) const;
    Result<std::uint64_t> number(std::string_view key) const;
    /// A member of any type, null taken as absent.
    std::optional<FactNode> member(std::string_view key) const;
    /// A member that must be an object.
    Result<std::optional<FactNode>> object(std::string_view key) const;
    /// The elements of a member that must be an array; absent or null: none.
    Result<std::vector<FactNode>> items(std::string_view key) const;
    /// Refuses members other than these, since they could narrow what the value says; JSON-LD's
    /// own ("@…") pass.
    Result<void> only(std::span<std::string_view const> known) const;

  private:
    std::string path(std::string_view key) const;

    nlohmann::json const* value_;
    std::string place_;
};

} // namespace clairgate::policy
