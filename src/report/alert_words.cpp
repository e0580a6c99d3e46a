#include <clairgate/base/text.hpp>
#include <clairgate/report/alert_words.hpp>

#include <algorithm>

namespace clairgate::report {

namespace {

// Together less than the 1,024 bytes that GitHub takes.
constexpr std::size_t id_bytes_max = 120;
constexpr std::size_t package_bytes_max = 120;
constexpr std::size_t version_bytes_max = 80;
constexpr std::size_t sentence_bytes_max = 400;
constexpr std::size_t place_bytes_max = 120;
constexpr std::size_t platform_bytes_max = 40;
constexpr std::size_t platforms_max = 4;

void say_effect(Prose& prose, policy::Effect effect, bool is_waived) {
    switch (effect) {
    case policy::Effect::block:
        prose.say("Blocked: ");
        return;
    case policy::Effect::warn:
        prose.say("Warned: ");
        return;
    case policy::Effect::allow:
        if (is_waived)
            prose.say("Allowed by an exception: ");
        else
            prose.say("Allowed: ");
    }
}

void say_where(Prose& prose, policy::Origin const& origin) {
    prose.say(" (").quote(policy::place_of(origin), place_bytes_max).say(").");
}

} // namespace

void say_subject(Prose& prose, finding::Finding const& finding) {
    if (finding.package.name.empty())
        prose.say("A package without a name");
    else
        prose.quote(finding.package.name, package_bytes_max);
    if (!finding.package.version.empty())
        prose.say(" ").quote(finding.package.version, version_bytes_max);
    prose.say(" has ");
    if (finding.id.empty())
        prose.say("a vulnerability without an id.");
    else
        prose.quote(finding.id, id_bytes_max).say(".");
}

void say_decision(Prose& prose, Alerts const& alerts, Alert const& alert, Record const& record) {
    auto const* const decided = alerts.decision(alert);
    auto const* const rule = record.rule(alert.finding);
    if (decided == nullptr || rule == nullptr) {
        auto const& finding = alerts.finding(alert);
        prose.say("Nothing was decided: ").quote(finding::to_string(finding.severity), 20);
        if (finding.fixed_version.empty())
            prose.say(", no fix known.");
        else
            prose.say(", fixed in ").quote(finding.fixed_version, version_bytes_max).say(".");
        return;
    }
    say_effect(prose, decided->action, decided->is_waived);
    prose.quote(decided->sentence, sentence_bytes_max);
    say_where(prose, rule->origin);
    if (decided->turns_red)
        prose.say(" It blocks from ").quote(to_rfc3339(*decided->turns_red), 40).say(".");
}

void list_platforms(Prose& prose, Alerts const& alerts, Alert const& alert) {
    auto const platforms = alerts.platforms_of(alert);
    auto const shown = std::min(platforms.size(), platforms_max);
    for (std::size_t i = 0; i < shown; ++i) {
        if (i > 0)
            prose.say(", ");
        prose.quote(platforms[i], platform_bytes_max);
    }
    if (shown < platforms.size())
        prose.say(" and ").number(platforms.size() - shown).say(" more");
}

void say_platforms(Prose& prose, Alerts const& alerts, Alert const& alert, Record const& record) {
    if (record.scan().platforms.size() < 2)
        return;
    prose.say(" On ");
    list_platforms(prose, alerts, alert);
    prose.say(".");
}

void say_notice(Prose& prose, Notice const& notice) {
    if (notice.kind == Notice::Kind::undecided) {
        prose.say("clairgate could not decide about this image, so it must not pass: ");
        if (notice.sentence.empty())
            prose.say("no reason was given.");
        else
            prose.quote(notice.sentence, 2 * sentence_bytes_max);
        return;
    }
    say_effect(prose, notice.effect, false);
    if (notice.kind == Notice::Kind::coverage)
        prose.say("packages of ").quote(notice.name, platform_bytes_max).say(": ");
    prose.quote(notice.sentence, sentence_bytes_max);
    if (notice.origin != nullptr)
        say_where(prose, *notice.origin);
}

void say_cut(Prose& prose, std::size_t alerts_cut) {
    prose.number(alerts_cut)
        .say(alerts_cut == 1 ? Fixed(" finding is") : Fixed(" findings are"))
        .say(" not shown here, the least urgent; \"-o json=FILE\" has all of them.");
}

} // namespace clairgate::report
