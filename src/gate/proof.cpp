#include <clairgate/attest/bundle.hpp>
#include <clairgate/attest/vuln.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/proof.hpp>
#include <clairgate/sign/signer.hpp>

#include <algorithm>
#include <array>

namespace clairgate::gate {

namespace {

std::string context_text(std::map<std::string, std::string> const& context) {
    std::vector<std::string> words;
    for (auto const& [key, value] : context)
        words.push_back(cat(key, " ", value));
    return words.empty() ? "no application or environment" : join(words, ", ");
}

bool speaks_of(report::Report const& report, image::Digest const& digest) {
    auto const& platforms = report.scan.platforms;
    return report.reference.digest() == digest ||
           std::any_of(platforms.begin(), platforms.end(), [&](auto const& platform) {
               return platform.manifest == digest;
           });
}

Proof<ProvenReport> prove_contents(std::string_view json, Demand const& demand, std::string where) {
    auto stored = report::parse_report(json);
    if (!stored.has_value())
        return Refusal{ProofLayer::report,
                       cat("it holds no report of clairgate: ", stored.error().text())};
    auto const& report = stored->report;
    if (!speaks_of(report, demand.digest))
        return Refusal{ProofLayer::report,
                       cat("its report is about ", report.reference.text(), ", not this image")};
    if (demand.is_context_asked && report.context != demand.context)
        return Refusal{ProofLayer::context,
                       cat("it was made for ",
                           context_text(report.context),
                           ", not for ",
                           context_text(demand.context))};
    auto const finished = report.run.finished;
    return ProvenReport{*std::move(stored), std::string(json), finished, std::move(where)};
}

} // namespace

std::string_view word_of(ProofLayer layer) {
    static constexpr std::array<std::string_view, 8> words{
        "form", "signature", "statement", "subject", "predicate type", "report", "context", "age"};
    return words.at(static_cast<std::size_t>(layer));
}

Proof<attest::Envelope>
prove_signature(registry::EvidenceForm form, std::string_view bytes, sign::PublicKey const& key) {
    if (form == registry::EvidenceForm::envelope) {
        auto envelope = attest::parse_envelope(bytes);
        if (!envelope.has_value())
            return Refusal{ProofLayer::form, envelope.error().text()};
        if (auto const proven = sign::verify_envelope(*envelope, key); !proven.has_value())
            return Refusal{ProofLayer::signature, proven.error().text()};
        return *std::move(envelope);
    }
    auto bundle = attest::parse_bundle(bytes);
    if (!bundle.has_value())
        return Refusal{ProofLayer::form, bundle.error().text()};
    if (auto const proven = sign::verify_bundle(*bundle, key); !proven.has_value())
        return Refusal{ProofLayer::signature, proven.error().text()};
    return std::move(bundle->envelope);
}

Proof<ProvenReport>
prove_report(std::string_view payload, Demand const& demand, std::string where) {
    auto const statement = attest::parse_statement(payload);
    if (!statement.has_value())
        return Refusal{ProofLayer::statement, statement.error().text()};
    if (!attest::is_about(*statement, demand.digest))
        return Refusal{ProofLayer::subject,
                       cat("it is about ",
                           statement->subjects.front().digest.text(),
                           statement->subjects.size() > 1 ? " and others" : "",
                           ", not about ",
                           demand.digest.text())};
    if (statement->predicate_type != attest::predicate_type::vuln)
        return Refusal{ProofLayer::type,
                       cat("its predicate is ", statement->predicate_type, ", not a scan report")};
    auto const record = attest::parse_vuln_predicate(statement->predicate);
    if (!record.has_value())
        return Refusal{ProofLayer::report, record.error().text()};
    auto proven = prove_contents(record->result, demand, std::move(where));
    if (proven.has_value() && record->finished != proven->finished)
        return Refusal{ProofLayer::report, "statement and report name different times"};
    return proven;
}

Proof<ProvenReport>
prove_unsigned_report(std::string_view report_json, Demand const& demand, std::string where) {
    return prove_contents(report_json, demand, std::move(where));
}

} // namespace clairgate::gate
