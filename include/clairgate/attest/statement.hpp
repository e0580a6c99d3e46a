#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/image/digest.hpp>

#include <string>
#include <string_view>
#include <vector>

/// in-toto Statements (in-toto/attestation spec v1, "Statement"): what is claimed about which
/// image.
namespace clairgate::attest {

inline constexpr std::string_view statement_type = "https://in-toto.io/Statement/v1";
/// What cosign, and its version 2 always, still writes.
inline constexpr std::string_view statement_type_v0_1 = "https://in-toto.io/Statement/v0.1";

/// Predicate types that we write.
namespace predicate_type {
inline constexpr std::string_view vuln = "https://cosign.sigstore.dev/attestation/vuln/v1";
inline constexpr std::string_view vulns = "https://in-toto.io/attestation/vulns/v0.2";
inline constexpr std::string_view summary = "https://slsa.dev/verification_summary/v1";
/// Files published with a signature of ours (`policy push`); cosign's own signature type.
inline constexpr std::string_view signature = "https://sigstore.dev/cosign/sign/v1";
} // namespace predicate_type

/// One image (or artifact) that a statement is about. `name` is registry/repository without tag or
/// digest, as cosign writes it.
struct Subject {
    std::string name;
    image::Digest digest;
    friend bool operator==(Subject const&, Subject const&) = default;
};

/// A statement as its parts. `predicate` is the raw JSON text of the predicate object.
struct Statement {
    std::vector<Subject> subjects;
    std::string predicate_type;
    std::string predicate;
};

/// The bytes to sign: deterministic, `_type` v1, subjects in the order given. The predicate's text
/// is taken as it is: it must be one JSON object (whoever made it is one of ours). At least one
/// subject, asserted.
std::string statement_json(Statement const& statement);

/// Reads a signed payload. Refuses (kind protocol) what is no Statement v1 or v0.1: another or
/// missing `_type`, `predicateType` or `predicate`, unknown members of the statement or of a
/// subject (those of in-toto's ResourceDescriptor are known), duplicate ones anywhere, no subject
/// or more than 1,024, a subject without a sha256 digest or with an upper-case, truncated or odd
/// one, invalid UTF-8, nesting beyond `limits::json_depth`. Digests of other algorithms beside
/// sha256 are not looked at. The predicate comes back as its text. Cost is linear; no copy is made
/// but of the predicate.
Result<Statement> parse_statement(std::string_view payload);

/// Whether one of the subjects has this digest (names are not compared: cosign's rule).
bool is_about(Statement const& statement, image::Digest const& digest);

} // namespace clairgate::attest
