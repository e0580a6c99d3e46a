#pragma once

#include <clairgate/attest/envelope.hpp>
#include <clairgate/attest/statement.hpp>
#include <clairgate/base/result.hpp>
#include <clairgate/image/digest.hpp>
#include <clairgate/registry/evidence.hpp>
#include <clairgate/report/formats.hpp>
#include <clairgate/sign/key.hpp>

#include <map>
#include <string>
#include <string_view>

/// From bytes of somebody's evidence to a report that may be believed, one layer of proof after the
/// other. Nothing here asks the network; nothing that is missing satisfies a check.
namespace clairgate::gate {

/// The layers, in the order in which they are proven; the further a piece of evidence came, the
/// more its refusal says.
enum class ProofLayer { form, signature, statement, subject, type, report, context, time };
std::string_view word_of(ProofLayer layer); ///< "signature"

/// Why a piece of evidence does not count.
struct Refusal {
    ProofLayer layer;
    std::string why;
};

/// A scan report whose every layer but freshness was proven.
struct ProvenReport {
    report::StoredReport stored;
    std::string report_json; ///< as it was signed
    SystemTime finished;     ///< signed: when the scan ended
    std::string where;       ///< the place it was found in
};

/// A value, or the layer that failed.
template <class T>
using Proof = boost::system::result<T, Refusal>;

/// Reads a bundle or an envelope, and proves it with the key. The envelope of an `.att` layer that
/// holds a certificate is refused: that is not this key's.
Proof<attest::Envelope>
prove_signature(registry::EvidenceForm form, std::string_view bytes, sign::PublicKey const& key);

/// What a report must be about.
struct Demand {
    image::Digest digest;                       ///< the manifest or index that is asked about
    std::map<std::string, std::string> context; ///< application, cluster, environment
    bool is_context_asked = false;              ///< false: whatever the evidence was made for
};

/// Proves everything above the signature: a statement about this digest, of cosign's vuln type,
/// with a report of ours inside that speaks of the same image and context, and whose times agree.
Proof<ProvenReport> prove_report(std::string_view payload, Demand const& demand, std::string where);

/// The same for a report that nobody signed (`--unsafe-allow-unsigned`).
Proof<ProvenReport>
prove_unsigned_report(std::string_view report_json, Demand const& demand, std::string where);

} // namespace clairgate::gate
