#pragma once

#include <clairgate/base/limits.hpp>
#include <clairgate/base/result.hpp>
#include <clairgate/base/time.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::policy {

/// What somebody says of one vulnerability in some products.
struct VexStatement {
    enum class Status { not_affected, fixed, affected, under_investigation };

    std::vector<std::string> ids; ///< the vulnerability's name first, then its aliases; as given
    Status status = Status::under_investigation;
    std::string justification; ///< the document's own label: "vulnerable_code_not_present"
    std::string statement;     ///< the author's words on the impact, "" if none
    /// purls and other ids as given, "sha256:…" for a digest; it is about each of them.
    std::vector<std::string> products;
    /// Parts of those products; not empty: it is about these alone.
    std::vector<std::string> subcomponents;
    std::optional<SystemTime> time; ///< of the statement, else of its document
    std::string place;              ///< "statements/3"

    /// Only such a statement can lift a finding.
    bool suppresses() const { return status == Status::not_affected || status == Status::fixed; }
};
std::string_view to_string(VexStatement::Status status); ///< "not_affected"

/// An OpenVEX or CycloneDX document, in the order of its statements.
struct VexDocument {
    static constexpr std::size_t bytes_max = 32 * limits::mib;
    static constexpr std::size_t statements_max = 100'000;
    static constexpr std::size_t id_bytes_max = 256;
    static constexpr std::size_t product_bytes_max = 4096;

    std::string author; ///< "" when it does not say
    std::string id;     ///< an IRI or serial number, "" when it does not say
    std::optional<SystemTime> time;
    std::vector<VexStatement> statements; ///< at least one
};

/// Reads OpenVEX up to v0.2.0 (github.com/openvex/spec) or the `vulnerabilities[].analysis` of
/// CycloneDX from 1.4 on (JSON). A statement whose products have different subcomponents becomes
/// several. Kind policy, naming the member: another format or version, what its specification
/// requires and does not find, members that could narrow a statement but are not known, no
/// statements.
///
/// CycloneDX: what a document with a `metadata.component` says of another component it says of that
/// part of this product alone. A component given by `versions`, or none at all, lifts nothing; a
/// BOM-Link is kept as it is.
Result<VexDocument> parse_vex(std::string_view json);

} // namespace clairgate::policy
