#pragma once

#include <clairgate/gate/facts.hpp>
#include <clairgate/gate/pipeline.hpp>
#include <clairgate/gate/policies.hpp>

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace clairgate::gate {

/// The policies of the contexts that stored reports were made for, each resolved once while it is
/// among the last few hundred; any thread may ask.
class Judges {
  public:
    /// `facts` brings VEX documents; it must outlive this.
    Judges(PolicyFiles files, FactFiles const& facts) : files_(std::move(files)), facts_(facts) {}
    Result<std::shared_ptr<Judge const>> of(policy::Context const& context);

  private:
    PolicyFiles files_;
    FactFiles const& facts_;
    std::mutex mutex_;
    using Made = Result<std::shared_ptr<Judge const>>;
    Made make(policy::Context const& context) const;
    std::vector<std::pair<policy::Context, Made>> made_;
};

/// Whom a stored report is judged for: the contexts that were asked for, else its own.
std::vector<policy::Context> contexts_for(PolicyChoice const& choice, report::Report const& report);

} // namespace clairgate::gate
