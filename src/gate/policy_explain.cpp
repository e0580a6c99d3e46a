#include <clairgate/base/text.hpp>
#include <clairgate/gate/policy_command.hpp>
#include <clairgate/policy/verdict.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

// Writes what is in force for one context, each value with its origin.
class Explainer {
  public:
    Explainer(policy::Policy const& policy, SystemTime now) : policy_(policy), now_(now) {}

    std::string text(std::vector<std::string> const& ids) {
        header();
        severities();
        scan();
        rest();
        for (auto const& id : ids)
            about(id);
        return std::move(out_);
    }

  private:
    void line(std::string_view key, std::string_view value, policy::Origin const& origin) {
        std::string padded(key);
        padded.resize(std::max<std::size_t>(padded.size() + 1, 24), ' ');
        std::string shown(value);
        shown.resize(std::max<std::size_t>(shown.size() + 1, 16), ' ');
        out_ += cat(padded, printable(shown), printable(policy::place_of(origin)));
        for (auto const& layer : policy_.layers)
            for (auto const& lock : layer.locks)
                if (lock.origin.rule == cat("lock ", origin.rule))
                    out_ += cat("  locked by ",
                                printable(policy::place_of(lock.origin)),
                                lock.is_waivable ? " (waivable)" : "");
        out_ += "\n";
    }

    void header() {
        auto const& context = policy_.context;
        auto const named = [](std::string const& name) {
            return name.empty() ? std::string("-") : name;
        };
        out_ += cat("application ",
                    named(context.application),
                    ", environment ",
                    named(context.environment),
                    ", cluster ",
                    named(context.cluster),
                    "\nlevels, nearest last:");
        for (auto const& layer : policy_.layers)
            out_ += cat(" ", layer.file.empty() ? "built-in" : printable(layer.file));
        out_ += cat(policy_.is_devtron ? "\nprecedence: devtron" : "", "\n\n");
    }

    void severities() {
        for (auto const severity : finding::severities) {
            auto const& effective = policy_.severity.at(severity);
            line(effective.origin.rule, policy::to_string(effective.value), effective.origin);
            for (auto layer = policy_.layers.rbegin(); layer != policy_.layers.rend(); ++layer) {
                auto const stated = layer->severity.find(severity);
                if (stated == layer->severity.end() || stated->second.origin == effective.origin)
                    continue;
                bool const is_farther = layer->level < effective.origin.level;
                out_ += cat("  ",
                            is_farther ? "overrides " : "holds against ",
                            policy::to_string(stated->second.value),
                            " (",
                            printable(policy::place_of(stated->second.origin)),
                            ")\n");
            }
        }
    }

    void scan() {
        auto const& scan = policy_.scan;
        for (auto const& [fault, action] : scan.on_error)
            line(cat("scan.on_error.", fault), policy::to_string(action.value), action.origin);
        line("scan.uncovered", policy::to_string(scan.uncovered.value), scan.uncovered.origin);
        line("scan.partly_covered",
             policy::to_string(scan.partly_covered.value),
             scan.partly_covered.origin);
        if (scan.max_data_age)
            line("scan.max_data_age",
                 to_string(scan.max_data_age->value),
                 scan.max_data_age->origin);
        line("scan.max_report_age",
             to_string(scan.max_report_age.value),
             scan.max_report_age.origin);
        line("scan.require_signature",
             scan.require_signature.value ? "true" : "false",
             scan.require_signature.origin);
        line("scan.enforce", scan.enforce.value ? "block" : "report", scan.enforce.origin);
    }

    void rest() {
        auto const& exceptions = policy_.exceptions;
        if (exceptions.max_days)
            line("exceptions.max_days",
                 cat(exceptions.max_days->value),
                 exceptions.max_days->origin);
        line("exceptions.from_change",
             exceptions.from_change.value ? "true" : "false",
             exceptions.from_change.origin);
        for (auto const& [severity, budget] : policy_.budget)
            line(budget.origin.rule, cat(budget.value), budget.origin);
        for (auto const& requirement : policy_.requirements)
            line(requirement.origin.rule, policy::to_string(requirement.scan), requirement.origin);
        for (auto const& layer : policy_.layers)
            for (auto const& rule : layer.rules)
                line(rule.origin.rule, policy::to_string(rule.action), rule.origin);
        for (auto const& layer : policy_.layers)
            for (auto const& waiver : layer.waivers)
                line(waiver.origin.rule, cat("until ", waiver.expires), waiver.origin);
        if (!policy_.notes.empty())
            out_ += "\n";
        for (auto const& note : policy_.notes)
            out_ += cat("note: ", printable(note.text, 400), "\n");
    }

    // What policy would say of a vulnerability of that name, whatever its severity.
    void about(std::string const& id) {
        out_ += cat("\n", printable(id), ":\n");
        policy::Evaluator const evaluator(policy_);
        for (auto const severity : finding::severities) {
            for (auto const* fixed : {"", "a newer version"}) {
                finding::Finding finding;
                finding.id = id;
                finding.package.name = "any package";
                finding.severity = severity;
                finding.severity_source = "vendor";
                finding.fixed_version = fixed;
                policy::Facts const facts{finding, "", policy_.context.environment, now_, {}};
                auto const decision = evaluator.decide(facts);
                auto const words = policy::explain(policy_, finding, decision);
                out_ += cat("  ",
                            policy::to_string(decision.effect),
                            ": ",
                            printable(words.sentence, 400),
                            " (",
                            printable(policy::place_of(words.origin)),
                            ")\n");
            }
        }
    }

    policy::Policy const& policy_;
    SystemTime now_;
    std::string out_;
};

} // namespace

io::Task<Outcome> policy_explain(PolicyCall call) {
    auto& world = call.runtime.world();
    auto const deadline = Deadline::after(world.clock, call.config.timeout);
    auto const policies =
        co_await load_policies(world, call.config.policy, call.config.registry, deadline);
    if (!policies.has_value())
        co_return Outcome::failed(policies.error());
    std::string out;
    for (auto const& policy : *policies)
        out += cat(out.empty() ? "" : "\n",
                   Explainer(policy, world.clock.now()).text(call.invocation.settings.list("id")));
    call.invocation.streams.out(out);
    co_return Outcome::done();
}

} // namespace clairgate::gate
