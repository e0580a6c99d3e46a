#include <clairgate/report/html_parts.hpp>

#include <algorithm>

namespace clairgate::report {

namespace {

using policy::Effect;

constexpr std::size_t steps_shown = 5;

void step(HtmlPage& page, Upgrade const& upgrade, std::size_t of, Fixed effect) {
    auto& html = page.html;
    html.element("<li><span>Upgrade <b>", upgrade.package, "</b>");
    if (!upgrade.installed.empty())
        html.element(" <code>", upgrade.installed, "</code>");
    if (upgrade.to.empty())
        html.markup(" to its newest version");
    else
        html.element(" to <code>", upgrade.to, "</code>");
    html.markup("</span> <a href=\"#findings\" data-a=\"").markup(effect);
    html.element("\" data-q=\"", upgrade.package, "\">clears ").number(upgrade.clears);
    html.markup(" of ").number(of).markup("<span class=\"vh\">: show them</span></a>");
    html.markup("<svg class=\"bar\" viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" "
                "aria-hidden=\"true\"><rect height=\"1\" width=\"");
    html.number(std::max<std::size_t>(1, upgrade.clears * 100 / of)).markup("\"/></svg>");
    if (upgrade.is_base || !upgrade.instruction.empty()) {
        html.markup("<small>");
        if (upgrade.is_base)
            html.markup(*upgrade.is_base ? Fixed("in the base image")
                                         : Fixed("above the base image"));
        if (upgrade.is_base && !upgrade.instruction.empty())
            html.markup(": ");
        if (!upgrade.instruction.empty())
            html.element("<code>", upgrade.instruction, "</code>");
        html.markup("</small>");
    }
    html.markup("</li>");
}

void steps(HtmlPage& page, Upgrades const& upgrades, Fixed effect) {
    auto& html = page.html;
    auto const& all = upgrades.upgrades;
    html.markup("<ol class=\"steps\">");
    for (std::size_t i = 0; i < std::min(all.size(), steps_shown); ++i)
        step(page, all[i], upgrades.findings, effect);
    html.markup("</ol>");
    if (all.size() > steps_shown) {
        html.markup("<details><summary>");
        html_counted(html, all.size() - steps_shown, "more upgrade", "more upgrades");
        html.markup("</summary><ol class=\"steps\">");
        auto const shown = std::min(all.size(), html_lines_max);
        for (std::size_t i = steps_shown; i < shown; ++i)
            step(page, all[i], upgrades.findings, effect);
        html.markup("</ol>");
        html_left_out(html, all.size(), shown);
        html.markup("</details>");
    }
    if (upgrades.without_fix > 0) {
        html.markup("<p>");
        html_counted(html, upgrades.without_fix, "finding that ", "findings that ");
        if (effect.text() == "block")
            html.markup(upgrades.without_fix == 1 ? Fixed("blocks has") : Fixed("block have"));
        else
            html.markup(upgrades.without_fix == 1 ? Fixed("warns has") : Fixed("warn have"));
        html.markup(" no known fix: leave the package out of the image, or let policy decide.</p>");
    }
}

void later(HtmlPage& page) {
    auto const red = turning_red(page.record);
    if (red.empty())
        return;
    auto& html = page.html;
    html.markup("<h3>What turns red later</h3><ul class=\"later\">");
    auto const shown = std::min<std::size_t>(red.size(), html_lines_max);
    for (std::size_t i = 0; i < shown; ++i) {
        html.markup("<li>").time(red[i].when).element(": ", red[i].id, " in ");
        html.text(red[i].package);
        if (red[i].findings > 1)
            html.markup(" (").number(red[i].findings).markup(" findings)");
        html.markup("</li>");
    }
    html.markup("</ul>");
    html_left_out(html, red.size(), shown);
}

} // namespace

void html_first_steps(HtmlPage& page) {
    auto const& blocking = page.upgrades;
    bool const is_blocking = blocking.findings > 0;
    auto const warning = is_blocking ? Upgrades() : upgrades_of(page.record, Effect::warn);
    auto const& upgrades = is_blocking ? blocking : warning;
    if (upgrades.findings == 0 && turning_red(page.record).empty())
        return;
    auto& html = page.html;
    html.markup("<section aria-labelledby=\"first\"><h2 id=\"first\">What to do first</h2>");
    if (upgrades.findings > 0)
        steps(page, upgrades, is_blocking ? Fixed("block") : Fixed("warn"));
    later(page);
    html.markup("</section>\n");
}

void html_severities(HtmlPage& page) {
    if (page.record.findings().empty())
        return;
    auto& html = page.html;
    SeverityCounts const all = severity_counts(page.record);
    SeverityCounts const blocking = severity_counts(page.record, Effect::block);
    SeverityCounts fixable{};
    for (auto const& finding : page.record.findings())
        if (!finding.fixed_version.empty())
            ++fixable.at(static_cast<std::size_t>(finding.severity));
    auto const most = *std::max_element(all.begin(), all.end());
    html.markup("<section aria-labelledby=\"severities\"><h2 id=\"severities\">By severity</h2>"
                "<table class=\"bars\"><thead><tr><th scope=\"col\">Severity</th>"
                "<td></td><th scope=\"col\">Findings</th><th scope=\"col\">Fixable</th>");
    if (page.record.is_decided())
        html.markup("<th scope=\"col\">Block</th>");
    html.markup("</tr></thead><tbody>");
    for (auto const severity : finding::severities) {
        auto const rank = static_cast<std::size_t>(severity);
        html.markup("<tr data-s=\"")
            .number(rank)
            .element("\"><th scope=\"row\"><i></i>", to_string(severity), "</th><td>");
        html.markup("<svg class=\"bar\" viewBox=\"0 0 1000 1\" preserveAspectRatio=\"none\" "
                    "aria-hidden=\"true\"><rect class=\"all\" height=\"1\" width=\"");
        html.number(all.at(rank) * 1000 / most).markup("\"/><rect height=\"1\" width=\"");
        html.number(fixable.at(rank) * 1000 / most).markup("\"/></svg></td><td>");
        if (all.at(rank) > 0)
            html.markup("<a href=\"#findings\" data-s=\"")
                .number(rank)
                .markup("\">")
                .number(all.at(rank))
                .markup("</a>");
        else
            html.markup("0");
        html.markup("</td><td>").number(fixable.at(rank));
        if (page.record.is_decided())
            html.markup("</td><td>").number(blocking.at(rank));
        html.markup("</td></tr>");
    }
    html.markup("</tbody></table><p class=\"hint\">The full part of a bar can be fixed by an "
                "upgrade.</p></section>\n");
}

void html_comparison(HtmlPage& page) {
    auto const& comparison = page.record.comparison();
    if (!comparison)
        return;
    auto& html = page.html;
    auto const& findings = page.record.findings();
    auto const fresh = static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(), [](auto const& f) { return f.is_new; }));
    html.markup("<section class=\"compared\" aria-labelledby=\"compared\"><h2 id=\"compared\">What "
                "this change brought</h2>"
                "<p class=\"counts\"><a href=\"#findings\" data-n=\"1\"><b>");
    html.number(fresh).markup("</b> new</a> <span><b>").number(comparison->fixed.size());
    html.markup("</b> fixed</span> <span><b>").number(findings.size() - fresh);
    html.markup("</b> unchanged</span></p><p>Compared with <code>");
    html.text(comparison->baseline, 512).markup("</code></p>");
    if (!comparison->fixed.empty()) {
        auto const shown = std::min(comparison->fixed.size(), html_lines_max);
        html.markup("<details><summary>Findings that are gone</summary><div "
                    "class=\"wide\"><table><thead><tr>"
                    "<th scope=\"col\">Severity</th><th scope=\"col\">Vulnerability</th>"
                    "<th scope=\"col\">Package</th><th scope=\"col\">Was installed</th>"
                    "<th scope=\"col\">Platform</th></tr></thead><tbody>");
        for (std::size_t i = 0; i < shown; ++i) {
            auto const& one = comparison->fixed[i];
            html.markup("<tr data-s=\"").number(static_cast<std::uint64_t>(one.severity));
            html.element(
                "\"><td class=\"s\"><i></i>", to_string(one.severity), "</td><th scope=\"row\">");
            html.text(one.id).element("</th><td>", one.package, "</td><td>");
            html.text(one.installed).element("</td><td>", one.platform, "</td></tr>");
        }
        html.markup("</tbody></table></div>");
        html_left_out(html, comparison->fixed.size(), shown);
        html.markup("</details>");
    }
    html.markup("</section>\n");
}

} // namespace clairgate::report
