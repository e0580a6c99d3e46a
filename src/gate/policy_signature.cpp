#include <clairgate/attest/bundle.hpp>
#include <clairgate/attest/statement.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/policy_signature.hpp>
#include <clairgate/gate/proof.hpp>
#include <clairgate/registry/client.hpp>
#include <clairgate/registry/evidence.hpp>
#include <clairgate/sign/signer.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

bool is_signature_type(std::string_view annotated) {
    return annotated.empty() || annotated == attest::predicate_type::signature;
}

bool is_signed_by(registry::Evidence const& evidence,
                  sign::PublicKey const& key,
                  image::Digest const& digest) {
    auto const envelope = prove_signature(evidence.form, evidence.bytes, key);
    if (!envelope.has_value())
        return false;
    auto const statement = attest::parse_statement(envelope->payload);
    return statement.has_value() && attest::is_about(*statement, digest) &&
           statement->predicate_type == attest::predicate_type::signature;
}

} // namespace

io::Task<Result<image::Reference>> signed_policy(io::World& world,
                                                 registry::Options options,
                                                 image::Reference reference,
                                                 std::string key,
                                                 Deadline deadline) {
    sign::SignerContext context{world, {}};
    auto const trusted = co_await sign::public_key_of(context, std::move(key), deadline);
    if (!trusted.has_value())
        co_return trusted.error().with_context("--policy-key");
    registry::Client client(world, options);
    CO_TRY(auto const digest, co_await client.exists(reference, deadline));
    if (!digest)
        co_return Error(ErrorKind::policy, cat("there is no policy ", reference.text()))
            .with_remedy("publish it: clairgate policy push");
    auto const pinned = reference.at(*digest);
    registry::EvidenceWish wish;
    wish.wants = is_signature_type;
    wish.note = [&world](std::string_view text) {
        world.log.warning("a signature was left out", {{"reason", std::string(text)}});
    };
    registry::EvidenceLimits const bounds;
    CO_TRY(auto const found,
           co_await registry::find_evidence(
               world, std::move(options), pinned, wish, bounds, deadline));
    bool const is_signed = std::any_of(found.begin(), found.end(), [&](auto const& evidence) {
        return is_signed_by(evidence, *trusted, *digest);
    });
    if (is_signed)
        co_return pinned;
    co_return Error(ErrorKind::policy,
                    cat("no signature of ", pinned.text(), " verifies with --policy-key"))
        .with_remedy("sign it: clairgate policy push --sign KEYREF, or cosign sign --key KEY; or "
                     "name its digest");
}

io::Task<Result<void>> sign_policy(io::World& world,
                                   registry::Options options,
                                   image::Repository repository,
                                   PushedPolicy pushed,
                                   Notary& notary,
                                   Storage storage,
                                   Deadline deadline) {
    attest::Statement statement{
        {{repository.text(), pushed.digest}}, std::string(attest::predicate_type::signature), "{}"};
    auto text = attest::statement_json(statement);
    CO_TRY(auto const bundle, co_await notary.sign(std::move(text), deadline));
    registry::NewEvidence evidence{
        .predicate_type = std::string(attest::predicate_type::signature),
        .bundle = storage == Storage::envelope ? "" : attest::bundle_json(bundle),
        .envelope = storage == Storage::envelope ? attest::envelope_json(bundle.envelope) : "",
        .created = to_rfc3339(world.clock.now()),
        .envelope_annotations = {}};
    registry::EvidenceSubject place{
        repository, pushed.digest, std::string(image::media_type::oci_manifest), pushed.size_bytes};
    registry::EvidenceChange change;
    change.added.push_back(std::move(evidence));
    registry::EvidenceLimits const bounds;
    CO_TRY_VOID(co_await registry::attach_evidence(
        world, std::move(options), std::move(place), std::move(change), bounds, deadline));
    co_return ok();
}

} // namespace clairgate::gate
