#include <clairgate/report/parse_account.hpp>

#include <algorithm>
#include <map>
#include <tuple>

namespace clairgate::report::stored {

namespace {

using policy::Effect;
using policy::Level;

constexpr Effect effects[] = {Effect::allow, Effect::warn, Effect::block};
constexpr policy::CoverageState coverage_states[] = {policy::CoverageState::covered,
                                                     policy::CoverageState::partly,
                                                     policy::CoverageState::uncovered};
constexpr Level levels[] = {Level::built_in,
                            Level::global,
                            Level::cluster,
                            Level::environment,
                            Level::application,
                            Level::application_environment};

Result<std::uint32_t> small_number(Json object, std::string_view key) {
    auto const number = TRY(unsigned_integer(object, key));
    if (number > UINT32_MAX)
        return broken(cat("\"", key, "\" is too large"));
    return static_cast<std::uint32_t>(number);
}

Result<policy::Origin> origin_of(Json object) {
    policy::Origin origin;
    origin.level = TRY(word(object, "level", levels));
    origin.file = TRY(string(object, "file"));
    origin.line = TRY(small_number(object, "line"));
    origin.column = TRY(small_number(object, "column"));
    origin.rule = TRY(string(object, "rule"));
    return origin;
}

Result<policy::Judgement> judgement_of(Json holder) {
    auto const effect = TRY(word(holder, "action", effects));
    auto const decision = TRY(member(holder, "decision"));
    auto origin = TRY(origin_of(decision));
    auto sentence = TRY(string(decision, "sentence"));
    return policy::Judgement{effect, std::move(origin), std::move(sentence)};
}

// "" where the member is null or of an earlier version.
Result<std::string> text_or_none(Json object, std::string_view key) {
    if (!has(object, key))
        return std::string();
    return string(object, key);
}

// The rules of an account by what they are told by.
class Rules {
  public:
    explicit Rules(std::vector<Rule>& rules) : rules_(rules) {
        for (auto const& rule : rules_)
            places_.emplace(key_of(rule.origin), places_.size());
    }

    // An earlier version did not list its rules: their names must do.
    std::uint32_t place_of(policy::Origin const& origin) {
        auto const next = places_.size();
        auto const [found, is_fresh] = places_.try_emplace(key_of(origin), next);
        if (is_fresh)
            rules_.push_back({origin, origin.rule});
        return static_cast<std::uint32_t>(found->second);
    }

  private:
    using Key = std::tuple<Level, std::uint32_t, std::uint32_t, std::string, std::string>;
    static Key key_of(policy::Origin const& origin) {
        return {origin.level, origin.line, origin.column, origin.file, origin.rule};
    }
    std::vector<Rule>& rules_;
    std::map<Key, std::size_t> places_;
};

Result<Decided> decided_of(Json finding, Rules& rules) {
    auto const action = TRY(word(finding, "action", effects));
    auto const decision = TRY(member(finding, "decision"));
    auto const origin = TRY(origin_of(decision));
    Decided out(action, rules.place_of(origin));
    out.is_waived = TRY(boolean(finding, "waived"));
    out.is_assumed = TRY(boolean(decision, "assumed"));
    if (has(decision, "lock"))
        out.lock = rules.place_of(TRY(origin_of(TRY(member(decision, "lock")))));
    out.sentence = TRY(string(decision, "sentence"));
    out.remedy = TRY(string(decision, "remedy"));
    out.exception = TRY(text_or_none(decision, "exception"));
    out.pinned = TRY(text_or_none(decision, "pinned"));
    out.turns_red = TRY(time(decision, "turns_red"));
    return out;
}

Result<std::vector<policy::CoverageDecision>> coverage_of(Json root) {
    std::vector<policy::CoverageDecision> out;
    for (auto const item : TRY(array(TRY(member(root, "coverage")), "platforms"))) {
        auto platform = TRY(string(item, "platform"));
        auto const state = TRY(word(item, "state", coverage_states));
        auto reasons = TRY(strings(item, "reasons"));
        auto decision = TRY(judgement_of(item));
        bool is_stale = false;
        if (has(item, "stale"))
            is_stale = TRY(boolean(item, "stale"));
        out.push_back(
            {std::move(platform), state, std::move(reasons), std::move(decision), is_stale});
    }
    return out;
}

Result<std::vector<policy::BudgetDecision>> budget_of(Json root) {
    std::vector<policy::BudgetDecision> out;
    for (auto const item : TRY(array(root, "budget"))) {
        auto const of_severity = TRY(severity(item, "severity"));
        auto const unwaived = TRY(unsigned_integer(item, "unwaived"));
        auto const allowed = TRY(unsigned_integer(item, "allowed"));
        auto decision = TRY(judgement_of(item));
        out.push_back({of_severity, unwaived, allowed, std::move(decision)});
    }
    return out;
}

Result<ExceptionUse> exception_of(Json object) {
    ExceptionUse use;
    use.origin.level = TRY(word(object, "level", levels));
    use.origin.file = TRY(string(object, "file"));
    use.origin.line = TRY(small_number(object, "line"));
    use.origin.column = TRY(small_number(object, "column"));
    use.origin.rule = TRY(text_or_none(object, "rule"));
    use.ids = TRY(strings(object, "ids"));
    use.owner = TRY(string(object, "owner"));
    use.reason = TRY(string(object, "reason"));
    use.expires = TRY(string(object, "expires"));
    use.state = TRY(string(object, "state"));
    use.sentence = TRY(string(object, "sentence"));
    use.matched = TRY(unsigned_integer(object, "matched"));
    use.waived = TRY(unsigned_integer(object, "waived"));
    use.is_break_glass = TRY(boolean(object, "break_glass"));
    use.expires_soon = TRY(boolean(object, "expires_soon"));
    use.is_over_broad = TRY(boolean(object, "over_broad"));
    use.is_shadowed = TRY(boolean(object, "shadowed"));
    return use;
}

Result<PolicyAccount> policy_of(Json object) {
    PolicyAccount out;
    for (auto const item : TRY(array(object, "files"))) {
        auto& file = out.files.emplace_back();
        file.path = TRY(string(item, "path"));
        file.digest = TRY(string(item, "digest"));
        if (!image::Digest::parse(file.digest).has_value())
            return broken("a policy file's digest is none");
        file.source = TRY(string(item, "source"));
    }
    out.notes = TRY(strings(object, "notes"));
    out.source = TRY(string(object, "source"));
    out.is_trusted = TRY(boolean(object, "trusted"));
    auto const precedence = TRY(string(object, "precedence"));
    out.is_devtron = precedence == "devtron";
    auto const enforce = TRY(string(object, "enforce"));
    out.is_enforced = enforce != "report";
    if (has(object, "not_enforced_by"))
        out.not_enforced_by = TRY(origin_of(TRY(member(object, "not_enforced_by"))));
    return out;
}

Summary summary_of(std::vector<Decided> const& decisions) {
    Summary summary;
    for (auto const& decided : decisions) {
        ++(decided.action == Effect::block  ? summary.block
           : decided.action == Effect::warn ? summary.warn
                                            : summary.allow);
        summary.waived += decided.is_waived ? std::size_t{1} : std::size_t{0};
    }
    return summary;
}

// A document that contradicts itself would show one thing and mean another.
Result<void> check_agreement(Json root, Account const& account, std::string_view verdict) {
    auto worst = Effect::allow;
    for (auto const& decided : account.decisions)
        worst = std::max(worst, decided.action);
    for (auto const& judged : account.coverage)
        worst = std::max(worst, judged.decision.effect);
    for (auto const& one : account.budget)
        worst = std::max(worst, one.decision.effect);
    static constexpr std::string_view words[] = {"pass", "warn", "block"};
    if (words[static_cast<std::size_t>(worst)] != verdict)
        return broken("its verdict is not that of its findings, coverage and budget");
    auto const stated = TRY(member(root, "summary"));
    auto const& counted = account.summary;
    for (auto const& [key, count] : {std::pair("block", counted.block),
                                     std::pair("warn", counted.warn),
                                     std::pair("allow", counted.allow),
                                     std::pair("waived", counted.waived)}) {
        auto const said = TRY(unsigned_integer(stated, key));
        if (said != count)
            return broken(cat("its summary miscounts \"", key, "\""));
    }
    return ok();
}

} // namespace

Result<Account> account(Json root, StoredReport const& report) {
    Account account;
    account.policy = TRY(policy_of(TRY(member(root, "policy"))));
    if (report.verdict == "undecided")
        return account;
    if (has(root, "rules")) {
        for (auto const item : TRY(array(root, "rules"))) {
            auto origin = TRY(origin_of(TRY(member(item, "place"))));
            auto said = TRY(string(item, "text"));
            account.rules.push_back({std::move(origin), std::move(said)});
        }
    }
    Rules rules(account.rules);
    account.decisions.reserve(report.report.scan.findings.size());
    for (auto const item : TRY(array(root, "findings")))
        account.decisions.push_back(TRY(decided_of(item, rules)));
    account.summary = summary_of(account.decisions);
    account.coverage = TRY(coverage_of(root));
    account.budget = TRY(budget_of(root));
    for (auto const item : TRY(array(root, "exceptions")))
        account.exceptions.push_back(TRY(exception_of(item)));
    TRY_VOID(check_agreement(root, account, report.verdict));
    account.effect = report.verdict == "block"  ? Effect::block
                     : report.verdict == "warn" ? Effect::warn
                                                : Effect::allow;
    return account;
}

} // namespace clairgate::report::stored
