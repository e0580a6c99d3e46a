#pragma once

#include <clairgate/image/reference.hpp>
#include <clairgate/policy/verdict.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace clairgate::report {

/// The one member of report.json whose bytes differ between equal runs.
struct RunFacts {
    SystemTime started;
    SystemTime finished;
    std::map<std::string, Duration> steps; ///< "wait", "registry", "index", "match", "policy"
};

/// A layer and what made it: the image config's own words (OCI config.md, `history.created_by`).
struct LayerOrigin {
    image::Digest digest;
    std::string instruction; ///< "" when the config does not say
};

/// The image below the one that was scanned.
struct BaseImage {
    std::string reference; ///< repository[:tag]@digest, as it was looked at
    /// What the base's tag means now, where there is a tag and the registry told.
    std::optional<image::Digest> newest;
    bool is_below = false; ///< the scanned image begins with its layers
};

/// What is known of the image beside its scan; empty where only a scan was stored.
struct ImageFacts {
    std::map<std::string, std::vector<LayerOrigin>> layers; ///< by platform; base first
    std::optional<BaseImage> base;                          ///< nothing: unknown
};

/// A finding of the baseline that is not there any more.
struct FixedFinding {
    std::string id;
    std::string platform;
    std::string package;
    std::string installed; ///< in the baseline
    finding::Severity severity = finding::Severity::unknown;
    friend bool operator==(FixedFinding const&, FixedFinding const&) = default;
};

/// This scan beside an earlier one. What is new is told by the findings themselves (`is_new`).
struct Comparison {
    std::string baseline; ///< repository@digest of the earlier scan
    std::vector<FixedFinding> fixed;
    friend bool operator==(Comparison const&, Comparison const&) = default;
};

/// A policy that many reports share: thousands of stored reports are judged by one.
class SharedPolicy {
  public:
    SharedPolicy(policy::Policy policy)
        : policy_(std::make_shared<policy::Policy const>(std::move(policy))) {}
    policy::Policy const& operator*() const { return *policy_; }
    policy::Policy const* operator->() const { return policy_.get(); }

  private:
    std::shared_ptr<policy::Policy const> policy_;
};

/// Everything a run found out and decided. Formats render its `Record`.
struct Report {
    image::Reference reference; ///< repository@digest
    std::string media_type;
    std::map<std::string, std::string> context; ///< "application"… only those that were given
    finding::ScanReport scan;
    std::optional<policy::Verdict> verdict; ///< nothing: undecided
    std::string undecided_reason;           ///< why, when there is no verdict
    SharedPolicy policy;
    std::string clairgate_version;
    RunFacts run;
    ImageFacts image = {};
    std::optional<Comparison> comparison = std::nullopt; ///< nothing: no baseline was given
};

} // namespace clairgate::report
