#include <clairgate/gate/judges.hpp>

namespace clairgate::gate {

Judges::Made Judges::make(policy::Context const& context) const {
    auto policies = TRY(policies_of(files_, {context}));
    add_vex(policies.front(), facts_);
    return std::make_shared<Judge const>(std::move(policies.front()));
}

Judges::Made Judges::of(policy::Context const& context) {
    constexpr std::size_t kept_max = 256;
    std::lock_guard const guard(mutex_);
    for (auto const& [known, judge] : made_)
        if (known == context)
            return judge;
    if (made_.size() == kept_max)
        made_.clear(); // who uses one of them keeps it alive
    made_.emplace_back(context, make(context));
    return made_.back().second;
}

std::vector<policy::Context> contexts_for(PolicyChoice const& choice,
                                          report::Report const& report) {
    bool const is_asked =
        choice.contexts.size() > 1 || choice.contexts.front() != policy::Context{};
    if (is_asked)
        return choice.contexts;
    auto const word = [&](char const* key) {
        auto const found = report.context.find(key);
        return found == report.context.end() ? std::string() : found->second;
    };
    return {policy::Context{word("cluster"), word("environment"), word("application")}};
}

} // namespace clairgate::gate
