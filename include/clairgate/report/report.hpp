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

/// Everything a report says; every format is rendered from this one value.
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
};

} // namespace clairgate::report
