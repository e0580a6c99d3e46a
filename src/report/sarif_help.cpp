#include <clairgate/base/text.hpp>
#include <clairgate/report/advisory.hpp>
#include <clairgate/report/links.hpp>
#include <clairgate/report/sarif_parts.hpp>

#include <algorithm>

namespace clairgate::report {

namespace {

constexpr std::size_t version_bytes_max = 80;
constexpr std::size_t description_bytes_max = 1000; // GitHub takes 1,024
constexpr std::size_t instruction_bytes_max = 160;
constexpr std::size_t link_bytes_max = 512; // longer ones are left out
constexpr std::size_t packages_max = 10;

void say_package(Prose& prose, SarifPlan const& plan, finding::Finding const& finding) {
    prose.say("- ");
    if (finding.package.name.empty())
        prose.say("a package without a name");
    else
        prose.quote(finding.package.name, sarif_name_bytes_max);
    if (!finding.package.version.empty())
        prose.say(" ").quote(finding.package.version, version_bytes_max);
    if (finding.fixed_version.empty())
        prose.say(", no fix known");
    else
        prose.say(" → ").quote(finding.fixed_version, version_bytes_max);
    if (auto const by = plan.record().instruction(finding); !by.empty())
        prose.say(", brought in by ").quote(by, instruction_bytes_max);
    prose.say("\n");
}

void say_packages(Prose& prose, SarifPlan const& plan, SarifRule const& rule) {
    prose.say("Installed → fixed in:\n\n");
    auto const shown = std::min(rule.instances.size(), packages_max);
    for (std::size_t i = 0; i < shown; ++i)
        say_package(prose, plan, plan.alerts().finding(rule.instances[i]));
    if (shown < rule.instances.size())
        prose.say("- and ").number(rule.instances.size() - shown).say(" more\n");
}

void say_fix(Prose& prose, SarifPlan const& plan, SarifRule const& rule) {
    bool const has_fix =
        std::any_of(rule.instances.begin(), rule.instances.end(), [&](Alert const& alert) {
            return !plan.alerts().finding(alert).fixed_version.empty();
        });
    prose.say("\nHow to fix: ");
    if (has_fix)
        prose.say("upgrade to the version behind the arrow, or build on a newer base image that "
                  "has it; then push and scan the image again.\n");
    else
        prose.say("no fixed version is known. Remove the package if nothing needs it, or accept "
                  "the risk for a time with an exception in the policy.\n");
}

void say_severity(Prose& prose, finding::Finding const& worst) {
    prose.say("\n\nSeverity: ").quote(finding::to_string(worst.severity), sarif_name_bytes_max);
    if (worst.cvss.empty())
        return;
    auto const& highest = worst.cvss.front();
    if (auto const score = score_text(highest.score))
        prose.say(", CVSS ").quote(highest.version, 8).say(" score ").quote(*score, 8);
}

void say_links(Prose& prose, finding::Finding const& worst) {
    std::size_t told = 0;
    for (auto const& link : worst.links)
        if (link.size() <= link_bytes_max && https_url(link))
            prose.say(told++ == 0 ? Fixed("\nMore: ") : Fixed(" and ")).link(link);
    if (told > 0)
        return;
    if (auto const url = advisory_url(worst.id))
        prose.say("\nMore: ").link(*url);
}

} // namespace

finding::Finding const& worst_of(SarifPlan const& plan, SarifRule const& rule) {
    CLAIRGATE_ASSERT(!rule.instances.empty());
    // An unknown severity is the least: one that is known says more of the id.
    auto const worst = std::max_element(
        rule.instances.begin(), rule.instances.end(), [&](Alert const& a, Alert const& b) {
            return plan.alerts().finding(a).severity < plan.alerts().finding(b).severity;
        });
    return plan.alerts().finding(*worst);
}

std::optional<std::string> help_url(finding::Finding const& finding) {
    for (auto const& link : finding.links)
        if (link.size() <= link_bytes_max && https_url(link))
            return link;
    return advisory_url(finding.id);
}

void say_description(Prose& prose, SarifPlan const& plan, SarifRule const& rule) {
    for (auto const& alert : rule.instances) {
        auto const& description = plan.alerts().finding(alert).description;
        if (!trim(description).empty()) {
            prose.quote(description, description_bytes_max);
            return;
        }
    }
    prose.quote(rule.id, sarif_name_bytes_max)
        .say(" is a known vulnerability; the scanner has no description of it.");
}

void say_help(Prose& prose, SarifPlan const& plan, SarifRule const& rule) {
    auto const& worst = worst_of(plan, rule);
    prose.say("What it is: ");
    say_description(prose, plan, rule);
    say_severity(prose, worst);
    prose.say("\n\n");
    say_packages(prose, plan, rule);
    say_fix(prose, plan, rule);
    say_links(prose, worst);
}

} // namespace clairgate::report
