#pragma once

#include <clairgate/gate/evidence.hpp>
#include <clairgate/gate/evidence_choice.hpp>
#include <clairgate/gate/notary.hpp>
#include <clairgate/registry/client.hpp>
#include <clairgate/registry/evidence_memory.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace clairgate::gate {

/// The evidence of one run: made ready before the scan, written after the verdict.
class RunEvidence {
  public:
    /// Makes the signer, so that a key that cannot be used ends the run before it starts.
    static io::Task<Result<RunEvidence>>
    make(io::World& world, SigningChoice choice, Deadline deadline);

    /// The key we sign with: what earlier evidence of ours is recognised by.
    std::optional<sign::PublicKey> key() const;
    /// What this run has read of the evidence beside its image.
    std::shared_ptr<registry::EvidenceMemory> const& memory() const { return memory_; }

    /// Signs the reports, writes the bundle file (JSON Lines; the verdict summaries as DSSE
    /// envelopes to FILE.vsa) and attaches them. Without a key the bundle file gets the unsigned
    /// report, which is said. Reports of a run that could not decide are not attached: they would
    /// hide the last evidence that says something. The error is the first of what was asked for and
    /// did not happen; a credential that may not push is only a warning with `--attach auto`.
    io::Task<Result<void>> publish(io::World& world,
                                   registry::Options const& registry,
                                   image::Subject const& subject,
                                   std::vector<report::Report> const& reports,
                                   std::function<void(std::string_view, std::string_view)> announce,
                                   Deadline deadline);

  private:
    explicit RunEvidence(SigningChoice choice) : choice_(std::move(choice)) {}
    Result<void> write_unsigned(io::World& world, std::vector<report::Report> const& reports) const;
    Result<void> write_signed(std::vector<report::Report> const& reports,
                              std::vector<SignedReport> const& all) const;
    io::Task<Result<void>> attach(io::World& world,
                                  registry::Options const& registry,
                                  image::Subject const& subject,
                                  report::Report const& report,
                                  SignedReport const& evidence,
                                  Deadline deadline);

    SigningChoice choice_;
    std::optional<Notary> notary_;
    std::shared_ptr<registry::EvidenceMemory> memory_ =
        std::make_shared<registry::EvidenceMemory>();
};

} // namespace clairgate::gate
