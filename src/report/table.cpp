#include <clairgate/report/formats.hpp>
#include <clairgate/report/table_parts.hpp>

#include <algorithm>

namespace clairgate::report {

namespace {

using Colour = TerminalWriter::Colour;
using policy::Effect;

constexpr std::size_t platforms_in_words_max = 4;

void tell_headline(TerminalWriter& out, Record const& record) {
    auto const word = [&] {
        if (!record.is_decided())
            return out.coloured("UNDECIDED", Colour::magenta);
        switch (*record.account().effect) {
        case Effect::allow:
            return out.coloured("ALLOWED", Colour::green);
        case Effect::warn:
            return out.coloured("ALLOWED with warnings", Colour::yellow);
        case Effect::block:
            break;
        }
        return out.coloured("BLOCKED", Colour::red);
    };
    out.line(said({word(), "  ", out.safe(record.reference().text())}));
}

InertText platforms_in_words(TerminalWriter const& out, Record const& record) {
    auto const& platforms = record.scan().platforms;
    if (platforms.size() > platforms_in_words_max)
        return said({" on ", counted(platforms.size(), "platform")});
    if (platforms.size() == 1 && platforms.front().platform.empty())
        return {}; // another scanner's report does not tell
    std::vector<InertText> names;
    for (auto const& platform : platforms)
        names.push_back(out.safe(platform.platform));
    return said({" on ", joined(names, ", ")});
}

void tell_counts(TerminalWriter& out, Record const& record) {
    auto const& summary = record.account().summary;
    std::size_t packages = 0;
    for (auto const& platform : record.scan().platforms)
        packages += platform.packages;
    out.say(
        "  ",
        said({counted(record.findings().size(), "finding"),
              ": ",
              summary.block,
              " block, ",
              summary.warn,
              " warn, ",
              summary.allow,
              " allowed",
              summary.waived > 0 ? said({" (", summary.waived, " by exceptions)"}) : InertText(),
              "; ",
              counted(packages, "package"),
              platforms_in_words(out, record)}));
}

InertText in_brackets(TerminalWriter const& out, policy::Origin const& origin) {
    return said({" (", out.safe(policy::place_of(origin)), ")"});
}

// What nobody may overlook: a gate that only reports, and glass that was broken.
void tell_shouts(TerminalWriter& out, Account const& account) {
    if (!account.policy.is_enforced) {
        auto const& by = account.policy.not_enforced_by;
        out.say("  NOT ENFORCED: ",
                said({"scan.enforce is report",
                      by ? in_brackets(out, *by) : InertText(),
                      ": a block does not stop the deployment"}));
    }
    for (auto const& use : account.exceptions)
        if (use.is_break_glass && use.waived > 0)
            out.say("  BREAK-GLASS: ", out.safe(use.sentence));
}

// Platforms of which Clair knows too little: like a finding, they may block.
void tell_lacking_coverage(TerminalWriter& out, Account const& account) {
    for (auto const& judged : account.coverage) {
        if (judged.state == policy::CoverageState::covered)
            continue;
        auto const effect = judged.decision.effect;
        Fixed const head = effect == Effect::block  ? Fixed("  blocks: ")
                           : effect == Effect::warn ? Fixed("  warning: ")
                                                    : Fixed("  note: ");
        Fixed const state = judged.state == policy::CoverageState::partly
                                ? Fixed(" is partly covered: ")
                                : Fixed(" is uncovered: ");
        out.say(head,
                said({judged.platform.empty() ? Fixed("the image") : out.safe(judged.platform),
                      state,
                      out.safe(judged.decision.sentence),
                      in_brackets(out, judged.decision.origin)}));
    }
}

void tell_exceeded_budget(TerminalWriter& out, Account const& account) {
    for (auto const& one : account.budget)
        if (one.decision.effect == Effect::block)
            out.say("  blocks: ",
                    said({out.safe(one.decision.sentence), in_brackets(out, one.decision.origin)}));
}

// What decided, once for all lines that name it.
void tell_rules(TerminalWriter& out, Account const& account) {
    if (account.policy.files.empty())
        return; // the policy's own line says them all
    std::vector<bool> is_named(account.rules.size(), false);
    std::vector<InertText> named;
    for (auto const& decided : account.decisions) {
        if (decided.action == Effect::allow || is_named.at(decided.by()))
            continue;
        is_named[decided.by()] = true;
        auto const& rule = account.rules[decided.by()];
        named.push_back(said({out.safe(rule.text), in_brackets(out, rule.origin)}));
    }
    if (!named.empty())
        out.say("Rules: ", joined(named, ", "));
}

void tell_coverage(TerminalWriter& out, Account const& account) {
    std::vector<InertText> covered;
    for (auto const& judged : account.coverage)
        if (judged.state == policy::CoverageState::covered)
            covered.push_back(out.safe(judged.platform));
    if (covered.empty())
        out.line("Coverage: none");
    else if (covered.size() == account.coverage.size())
        out.line("Coverage: Clair has data for all packages found");
    else
        out.say("Coverage: ", said({"Clair has data for all packages of ", joined(covered, ", ")}));
}

void tell_base(TerminalWriter& out, ImageFacts const& image) {
    auto const& base = image.base;
    if (!base)
        return out.say("Base image: ",
                       "unknown (--base-image REF tells, or the image's annotations)");
    if (!base->is_below)
        return out.say(
            "Base image: ",
            said({out.safe(base->reference), ", but the image does not begin with its layers"}));
    auto const newest = base->newest ? base->newest->text() : std::string();
    InertText news;
    if (!newest.empty() && base->reference.ends_with(newest))
        news = Fixed(" (the newest of its tag)");
    else if (!newest.empty())
        news = said({" (a newer one is there: ", out.safe(newest), ")"});
    out.say("Base image: ", said({out.safe(base->reference), news}));
}

void tell_policy(TerminalWriter& out, PolicyAccount const& policy) {
    constexpr std::size_t digest_shown = 19; // "sha256:" and twelve digits
    if (policy.files.empty())
        out.say("Policy: ",
                "built-in (critical blocks, high blocks if fixed, the rest warns); yours goes to "
                ".clairgate/policy/global.toml");
    for (auto const& file : policy.files)
        out.line(said({"Policy: ",
                       out.safe(file.path),
                       "  ",
                       out.safe(std::string_view(file.digest).substr(0, digest_shown))}));
    if (!policy.files.empty() && policy.source != "folder")
        out.say("Policy source: ", out.safe(policy.source));
    for (auto const& note : policy.notes)
        out.say("Note: ", out.safe(note));
}

void tell_data_age(TerminalWriter& out, Record const& record) {
    auto const newest = record.data_date();
    if (!newest)
        return out.line("Data: age not known");
    auto const age = std::chrono::duration_cast<Duration>(record.run().finished - *newest);
    InertText old;
    if (age > Duration::zero())
        old = said({", ", out.safe(clairgate::to_string(age)), " old at the scan"});
    out.line(said({"Data: of ", out.safe(to_rfc3339(*newest)), old}));
}

} // namespace

InertText counted(std::size_t count, Fixed noun) {
    return said({count, " ", noun, count == 1 ? Fixed("") : Fixed("s")});
}

void render_table(Record const& record, RenderOptions const& options, Out& sink) {
    TerminalWriter out(sink, options);
    auto const& account = record.account();
    tell_headline(out, record);
    if (record.is_decided()) {
        tell_shouts(out, account);
        tell_counts(out, record);
        tell_comparison(out, record);
        tell_lacking_coverage(out, account);
        tell_exceeded_budget(out, account);
        tell_findings(out, record);
        tell_dates(out, record);
        tell_next_steps(out, record);
        out.blank();
        tell_rules(out, account);
        tell_coverage(out, account);
    } else {
        out.say("  reason: ", out.safe(record.undecided_reason()), "          ");
    }
    tell_base(out, record.image());
    tell_policy(out, account.policy);
    tell_data_age(out, record);
}

} // namespace clairgate::report
