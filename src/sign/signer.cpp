#include "schemes.hpp"
#include <clairgate/attest/envelope.hpp>
#include <clairgate/base/text.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace clairgate::sign {

namespace {

constexpr std::array table{
    SignerScheme{"file",
                 "release.key",
                 "a private key in a file, encrypted (COSIGN_PASSWORD) or not",
                 &make_file_signer,
                 &public_key_of_file},
    SignerScheme{"env",
                 "env://SIGNING_KEY",
                 "a private key in an environment variable, encrypted (COSIGN_PASSWORD) or not",
                 &make_env_signer,
                 &public_key_of_env},
    SignerScheme{"hashivault",
                 "hashivault://release-key",
                 "a key of Vault's transit engine (VAULT_ADDR, VAULT_TOKEN)",
                 &make_transit_signer,
                 &public_key_of_transit},
    SignerScheme{"openbao",
                 "openbao://release-key",
                 "a key of OpenBao's transit engine (BAO_ADDR, BAO_TOKEN)",
                 &make_transit_signer,
                 &public_key_of_transit},
    SignerScheme{"exec",
                 "exec:/usr/local/bin/sign-with-kms release-key",
                 "a program that signs SHA-256 hashes; split at spaces, without a shell",
                 &make_exec_signer,
                 &public_key_of_exec}};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// What stands before the first colon, when it looks like a scheme (RFC 3986 section 3.1): a path
// with a colon is written file:PATH.
std::string_view scheme_of(std::string_view reference) {
    auto const word = reference.substr(0, reference.find(':'));
    bool const is_scheme =
        word.size() < reference.size() && !word.empty() && is_letter(word.front()) &&
        std::all_of(
            word.begin(),
            word.end(),
            [](char c) {
                return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
            });
    return is_scheme ? word : std::string_view("file");
}

Result<SignerScheme const*> find_scheme(std::string_view reference) {
    if (trim(reference).empty())
        return Error(ErrorKind::usage, "the reference to the key is empty");
    auto const word = scheme_of(reference);
    std::vector<std::string_view> known;
    std::vector<std::string> examples;
    for (auto const& scheme : table) {
        if (scheme.scheme == word)
            return &scheme;
        known.push_back(scheme.scheme);
        examples.emplace_back(scheme.example);
    }
    return Error(ErrorKind::usage,
                 cat("no signer knows the scheme \"",
                     printable(word, 40),
                     "\"",
                     did_you_mean(word, known)))
        .with_remedy(cat("a key is one of: ", join(examples, ", ")));
}

} // namespace

std::span<SignerScheme const> signer_schemes() {
    return table;
}

io::Task<Result<std::unique_ptr<Signer>>>
make_signer(SignerContext context, std::string reference, Deadline deadline) {
    CO_TRY(auto const* const scheme, find_scheme(reference));
    co_return co_await scheme->make(std::move(context), std::move(reference), deadline);
}

io::Task<Result<PublicKey>>
public_key_of(SignerContext context, std::string reference, Deadline deadline) {
    CO_TRY(auto const* const scheme, find_scheme(reference));
    co_return co_await scheme->public_key(std::move(context), std::move(reference), deadline);
}

io::Task<Result<attest::Bundle>>
sign_statement(Signer& signer, std::string statement, Deadline deadline) {
    CO_TRY(auto signature,
           co_await signer.sign(attest::pae(attest::payload_type, statement), deadline));
    attest::Bundle bundle;
    bundle.envelope = {
        std::move(statement), std::string(attest::payload_type), std::move(signature)};
    bundle.key_hint = signer.public_key().hint();
    auto const proven = verify_bundle(bundle, signer.public_key());
    if (!proven.has_value())
        co_return proven.error().with_context("what the signer gave back");
    co_return bundle;
}

Result<void> verify_envelope(attest::Envelope const& envelope, PublicKey const& key) {
    if (envelope.payload_type != attest::payload_type)
        return Error(ErrorKind::integrity,
                     cat("the envelope holds ",
                         printable(envelope.payload_type, 80),
                         " where ",
                         attest::payload_type,
                         " is wanted"));
    return key.verify(attest::pae(envelope.payload_type, envelope.payload), envelope.signature);
}

Result<void> verify_bundle(attest::Bundle const& bundle, PublicKey const& key) {
    if (bundle.certificate)
        return Error(ErrorKind::integrity,
                     "the bundle is signed with a certificate, not with this key");
    return verify_envelope(bundle.envelope, key);
}

} // namespace clairgate::sign
