#include <clairgate/base/text.hpp>
#include <clairgate/gate/policy_command.hpp>
#include <clairgate/policy/verdict.hpp>
#include <clairgate/policy/waiver_ledger.hpp>

#include <algorithm>
#include <concepts>

namespace clairgate::gate {

namespace {

// What one file says of one key.
struct Statement {
    std::string key; // "scan.on_error.clair"
    std::string value;
    policy::Origin origin;
};

std::string text_of(bool is_true) {
    return is_true ? "true" : "false";
}

class Statements {
  public:
    template <class T>
    void add(std::string key, std::optional<policy::Setting<T>> const& stated) {
        if (stated)
            add(std::move(key), *stated);
    }
    void add(std::string key, policy::Setting<policy::Action> const& stated) {
        all.push_back(
            {std::move(key), std::string(policy::to_string(stated.value)), stated.origin});
    }
    void add(std::string key, policy::Setting<Duration> const& stated) {
        all.push_back({std::move(key), clairgate::to_string(stated.value), stated.origin});
    }
    void add(std::string key, policy::Setting<bool> const& stated) {
        all.push_back({std::move(key), text_of(stated.value), stated.origin});
    }
    template <std::unsigned_integral Number>
    void add(std::string key, policy::Setting<Number> const& stated) {
        all.push_back({std::move(key), cat(stated.value), stated.origin});
    }
    void add(std::string key, policy::Setting<std::vector<std::string>> const& stated) {
        all.push_back({std::move(key), join(stated.value, ", "), stated.origin});
    }

    // Of a file or of what is in force: both have the same members.
    template <class Scan, class Exceptions>
    void add_settings(Scan const& scan, Exceptions const& exceptions) {
        for (auto const& [fault, action] : scan.on_error)
            add(cat("scan.on_error.", fault), action);
        add("scan.uncovered", scan.uncovered);
        add("scan.partly_covered", scan.partly_covered);
        add("scan.max_data_age", scan.max_data_age);
        add("scan.max_report_age", scan.max_report_age);
        add("scan.require_signature", scan.require_signature);
        auto const before = all.size();
        add("scan.enforce", scan.enforce);
        if (all.size() > before)
            all.back().value = all.back().value == "true" ? "block" : "report";
        add("exceptions.max_days", exceptions.max_days);
        add("exceptions.from_change", exceptions.from_change);
        add("exceptions.vex_authors", exceptions.vex_authors);
    }
    template <class T>
    void add_by_severity(std::string_view section, T const& stated) {
        for (auto one = stated.rbegin(); one != stated.rend(); ++one) // the worst first
            add(cat(section, ".", finding::to_string(one->first)), one->second);
    }

    std::vector<Statement> all;
};

std::vector<Statement> statements_of(policy::Layer const& layer) {
    Statements out;
    out.add_by_severity("severity", layer.severity);
    out.add_settings(layer.scan, layer.exceptions);
    out.add_by_severity("budget", layer.budget);
    return std::move(out.all);
}

std::vector<Statement> statements_of(policy::Policy const& policy) {
    Statements out;
    out.add_by_severity("severity", policy.severity);
    out.add_settings(policy.scan, policy.exceptions);
    out.add_by_severity("budget", policy.budget);
    return std::move(out.all);
}

// Writes what is in force for one context, each value with its origin.
class Explainer {
  public:
    Explainer(policy::Policy const& policy, SystemTime now) : policy_(policy), now_(now) {}

    std::string text(std::vector<std::string> const& ids) {
        header();
        settings();
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
        out_ += cat(printable(padded), printable(shown), printable(policy::place_of(origin)));
        for (auto const& layer : policy_.layers)
            for (auto const& lock : layer.locks)
                if (is_of(lock, key))
                    out_ += cat("  locked by ",
                                printable(policy::place_of(lock.origin)),
                                lock.is_waivable ? " (waivable)" : "");
        out_ += "\n";
    }

    static bool is_of(policy::Lock const& lock, std::string_view key) {
        auto const locked = std::string_view(lock.origin.rule).substr(5); // behind "lock "
        return key == locked || (locked == "scan.on_error" && key.starts_with("scan.on_error."));
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
        out_ += cat("\nfrom ",
                    printable(policy_.source),
                    policy_.files.empty() ? ""
                    : policy_.is_trusted  ? ", trusted"
                                          : ", untrusted",
                    policy_.is_devtron ? "\nprecedence: devtron" : "",
                    "\n\n");
    }

    void settings() {
        std::vector<std::vector<Statement>> by_layer;
        for (auto const& layer : policy_.layers)
            by_layer.push_back(statements_of(layer));
        for (auto const& effective : statements_of(policy_)) {
            line(effective.key, effective.value, effective.origin);
            for (auto layer = by_layer.rbegin(); layer != by_layer.rend(); ++layer)
                for (auto const& stated : *layer)
                    if (stated.key == effective.key && is_worth_telling(stated, effective))
                        out_ += cat("  ",
                                    stated.origin.level < effective.origin.level ? "overrides "
                                                                                 : "holds against ",
                                    printable(stated.value),
                                    " (",
                                    printable(policy::place_of(stated.origin)),
                                    ")\n");
        }
    }

    // What is built in and says the same is no news.
    static bool is_worth_telling(Statement const& stated, Statement const& effective) {
        bool const is_same_default =
            stated.origin.level == policy::Level::built_in && stated.value == effective.value;
        return stated.origin != effective.origin && !is_same_default;
    }

    std::string state_of(policy::Waiver const& waiver) const {
        using State = policy::WaiverUse::State;
        switch (policy::waiver_state(policy_, waiver, now_)) {
        case State::expired:
            return cat("expired ", waiver.expires);
        case State::not_yet:
            return "not yet";
        case State::refused:
            return cat("too long: ", waiver.expires);
        case State::active:
            break;
        }
        return waiver.is_vex ? std::string("VEX") : cat("until ", waiver.expires);
    }

    void rest() {
        for (auto const& requirement : policy_.requirements)
            line(requirement.origin.rule, policy::to_string(requirement.scan), requirement.origin);
        for (auto const& layer : policy_.layers)
            for (auto const& rule : layer.rules)
                line(rule.origin.rule, policy::to_string(rule.action), rule.origin);
        for (auto const& layer : policy_.layers)
            for (auto const& waiver : layer.waivers)
                line(waiver.origin.rule, state_of(waiver), waiver.origin);
        if (!policy_.notes.empty())
            out_ += "\n";
        for (auto const& note : policy_.notes)
            out_ += cat("note: ", printable(note.text, 400), "\n");
    }

    // The exceptions that name it, and what policy would say of it in a package that they are not
    // limited to, whatever its severity.
    void about(std::string const& id) {
        out_ += cat("\n", printable(id), ":\n");
        for (auto const& layer : policy_.layers)
            for (auto const& waiver : layer.waivers)
                if (std::any_of(waiver.ids.begin(), waiver.ids.end(), [&](auto const& one) {
                        return equals_ignoring_case(one, id);
                    }))
                    exception(waiver);
        policy::Evaluator const evaluator(policy_);
        for (auto const severity : finding::severities)
            for (auto const* fixed : {"", "a newer version"})
                outcome(evaluator, id, severity, fixed);
    }

    void exception(policy::Waiver const& waiver) {
        out_ += cat("  exception ", state_of(waiver), " by ", printable(waiver.owner, 100));
        for (auto const& scope : waiver.scope)
            out_ += cat(", ", printable(scope.text, 200));
        out_ += cat(" (", printable(policy::place_of(waiver.origin)), ")\n");
    }

    void outcome(policy::Evaluator const& evaluator,
                 std::string const& id,
                 finding::Severity severity,
                 char const* fixed) {
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
                    printable(policy::place_of(words.lock ? *words.lock : words.origin)),
                    ")\n");
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
