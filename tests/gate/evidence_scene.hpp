#pragma once

#include <clairgate/gate/attach_report.hpp>

#include <gate/signed_report.hpp>
#include <registry/evidence_setting.hpp>
#include <vector>

namespace clairgate::test {

/// One image in a registry, beside which signed reports are put and found. Its clock stands an hour
/// after `scan_time()`.
struct EvidenceScene {
    EvidenceScene();

    image::Reference image() const { return setting.registry.at(setting.image.digest); }
    /// A report about that image, whatever `says` names.
    report::Report report(Says says) const;
    gate::SignedReport
    sign(report::Report const& report, KeyPair const& with, bool wants_vulns = false);
    /// Puts a report beside the image as a run does.
    Result<std::vector<registry::Attached>> attach(report::Report const& report,
                                                   KeyPair const& with,
                                                   gate::Storage storage = gate::Storage::both);
    /// What is beside a digest.
    std::vector<registry::Evidence> beside(image::Digest const& digest);
    /// The messages of the warnings so far.
    std::string warnings() const;

    EvidenceSetting setting;
    KeyPair key;
};

} // namespace clairgate::test
