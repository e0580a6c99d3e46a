#pragma once

#include <clairgate/attest/bundle.hpp>
#include <clairgate/base/result.hpp>
#include <clairgate/base/secret.hpp>
#include <clairgate/io/world.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Keyless signing (Sigstore): a certificate of Fulcio for an OIDC identity, an entry in Rekor, a
/// timestamp of a TSA. Verifying such bundles is cosign's job.
namespace clairgate::sign {

/// One service of a signing config.
struct SigstoreService {
    std::string url;
    unsigned api_version = 0;
    std::string operator_name;
};

/// Where to sign: Sigstore's `signing_config.v0.2.json` (protobuf-specs, sigstore_trustroot.proto,
/// SigningConfig), reduced to the services that are valid now and whose API we speak: Fulcio v1
/// (`/api/v2/signingCert`), Rekor v2 before v1 (`is_old_log_wanted` turns that round), TSA v1;
/// the newest of each operator; ANY, ALL and EXACT are honoured.
struct SigningServices {
    SigstoreService authority;
    std::vector<SigstoreService> logs;
    std::vector<SigstoreService> timestamps;
};
/// Kind config: what is missing or not understood, a URL that is not https (but for loopback), and
/// neither a TSA nor a log of v1, since nobody could then tell when the certificate was used. `now`
/// selects what is valid. Without `rekorTlogUrls` there are no logs.
Result<SigningServices>
parse_signing_config(std::string_view json, SystemTime now, bool is_old_log_wanted);

/// An OIDC identity token and where it came from. Looked for in this order: the `token` setting (a
/// file), SIGSTORE_ID_TOKEN, GitHub Actions' token service (ACTIONS_ID_TOKEN_REQUEST_URL), the
/// projected file /var/run/sigstore/cosign/oidc-token. Audience `sigstore`. Kind config when there
/// is none, with what each CI system needs.
struct IdentityToken {
    Secret token;
    std::string from;
};
io::Task<Result<IdentityToken>>
find_identity_token(io::World& world, std::optional<std::string> token_file, Deadline deadline);

/// Signs a statement keyless: a fresh P-256 key that never leaves memory, Fulcio's certificate for
/// the token's identity, then as many timestamps and, last since they stay, log entries as the
/// configuration wants. Rekor v2 gets a hashedrekord of SHA-256(PAE), v1 a dsse entry (kind limit
/// above 1 MiB, before anybody is asked). What comes back is checked: the certificate holds our
/// key, the signature verifies, the timestamp covers the signature, the entry is about it. Kinds
/// integrity, protocol, denied, unreachable, timeout.
io::Task<Result<attest::Bundle>> sign_keyless(io::World& world,
                                              SigningServices services,
                                              IdentityToken identity,
                                              std::string statement,
                                              Deadline deadline);

} // namespace clairgate::sign
