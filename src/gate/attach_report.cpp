#include <clairgate/base/text.hpp>
#include <clairgate/gate/attach_report.hpp>
#include <clairgate/gate/proof.hpp>
#include <clairgate/sign/certificate.hpp>
#include <clairgate/sign/signer.hpp>

namespace clairgate::gate {

namespace {

registry::EvidenceSubject place_of(image::Subject const& subject, image::Digest const& digest) {
    auto const& repository = subject.reference.repository();
    if (digest == subject.digest)
        return {repository, digest, subject.media_type, subject.size_bytes};
    for (auto const& platform : subject.platforms)
        if (platform.manifest.digest == digest)
            return {repository, digest, platform.manifest.media_type, platform.manifest.size_bytes};
    assertion_failed("a subject of the statement is one of the image", __FILE__, __LINE__);
}

bool is_older_report(attest::Statement const& statement, Replacement const& by) {
    auto const record = attest::parse_vuln_predicate(statement.predicate);
    if (!record.has_value())
        return false;
    auto const stored = report::parse_report(record->result);
    return stored.has_value() && stored->report.context == by.context &&
           stored->report.run.finished < by.finished;
}

bool is_older_summary(attest::Statement const& statement, Replacement const& by) {
    auto const summary = attest::parse_summary_predicate(statement.predicate);
    return summary.has_value() && summary->verifier_id == verifier_uri &&
           summary->policy_uri == policy_uri_of(by.context) && summary->verified < by.finished;
}

// The same findings whatever the context is: any older one of this signer.
bool is_older_vulns(attest::Statement const& statement, Replacement const& by) {
    auto const record = attest::parse_vuln_predicate(statement.predicate);
    if (!record.has_value())
        return false;
    auto const& finished = record->finished;
    return finished && *finished < by.finished;
}

// A keyless bundle whose certificate names who we are, and whose signature is its key's.
Proof<attest::Envelope> same_identity(registry::Evidence const& evidence,
                                      std::string_view certificate) {
    Refusal const refusal{ProofLayer::signature, "not signed by our identity"};
    auto bundle = attest::parse_bundle(evidence.bytes);
    if (!bundle.has_value())
        return refusal;
    auto const& other = bundle->certificate;
    if (!other)
        return refusal;
    auto const ours = sign::identity_in_certificate(certificate);
    auto const theirs = sign::identity_in_certificate(*other);
    auto const key = sign::PublicKey::from_certificate(*other);
    bool const is_ours = ours.has_value() && theirs.has_value() && *ours == *theirs &&
                         key.has_value() &&
                         sign::verify_envelope(bundle->envelope, *key).has_value();
    if (!is_ours)
        return refusal;
    return std::move(bundle->envelope);
}

Proof<attest::Envelope> prove_ours(registry::Evidence const& evidence, Replacement const& by) {
    if (by.key)
        return prove_signature(evidence.form, evidence.bytes, *by.key);
    if (by.certificate && evidence.form == registry::EvidenceForm::bundle)
        return same_identity(evidence, *by.certificate);
    return Refusal{ProofLayer::signature, "nothing tells whose it is"};
}

// A keyless envelope alone lacks its certificate: only the bundle carries it whole.
registry::NewEvidence
new_evidence(SignedStatement const& signed_one, Storage storage, SystemTime finished) {
    bool const is_keyless = signed_one.bundle.certificate.has_value();
    bool const has_bundle = storage != Storage::envelope || is_keyless;
    bool const has_envelope = storage != Storage::bundle && !is_keyless;
    return {.predicate_type = signed_one.predicate_type,
            .bundle = has_bundle ? attest::bundle_json(signed_one.bundle) : "",
            .envelope = has_envelope ? attest::envelope_json(signed_one.bundle.envelope) : "",
            .created = to_rfc3339(finished),
            .envelope_annotations = {}};
}

} // namespace

bool is_replaced(registry::Evidence const& evidence, Replacement const& by) {
    auto const envelope = prove_ours(evidence, by);
    if (!envelope.has_value())
        return false;
    auto const statement = attest::parse_statement(envelope->payload);
    if (!statement.has_value() || !attest::is_about(*statement, by.digest) ||
        statement->predicate_type != by.predicate_type)
        return false;
    if (by.predicate_type == attest::predicate_type::vuln)
        return is_older_report(*statement, by);
    if (by.predicate_type == attest::predicate_type::summary)
        return is_older_summary(*statement, by);
    return by.predicate_type == attest::predicate_type::vulns && is_older_vulns(*statement, by);
}

io::Task<Result<std::vector<registry::Attached>>> attach_report(io::World& world,
                                                                registry::Options options,
                                                                image::Subject const& subject,
                                                                report::Report const& report,
                                                                SignedReport const& evidence,
                                                                AttachChoice choice,
                                                                Deadline deadline) {
    std::vector<registry::Attached> all;
    for (auto const& about : subjects_of(subject)) {
        auto const place = place_of(subject, about.digest);
        std::map<std::string, Replacement> by;
        // The same bundles beside each manifest: they are new to the registry at the first alone.
        registry::EvidenceChange change{{}, nullptr, choice.memory, !all.empty()};
        for (auto const& one : evidence.statements) {
            change.added.push_back(new_evidence(one, choice.storage, report.run.finished));
            by.emplace(one.predicate_type,
                       Replacement{choice.key,
                                   about.digest,
                                   one.predicate_type,
                                   report.context,
                                   report.run.finished,
                                   one.bundle.certificate});
        }
        change.is_stale = [by = std::move(by)](registry::Evidence const& other) {
            auto const replacement = by.find(other.predicate_type);
            return replacement != by.end() && is_replaced(other, replacement->second);
        };
        registry::EvidenceLimits const bounds;
        auto attached = co_await registry::attach_evidence(
            world, options, place, std::move(change), bounds, deadline);
        if (!attached.has_value())
            co_return attached.error().with_context(
                cat("attaching the report to ", about.name, "@", about.digest.text()));
        all.push_back(*std::move(attached));
    }
    co_return all;
}

} // namespace clairgate::gate
