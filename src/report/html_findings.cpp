#include <clairgate/report/html_parts.hpp>

#include <algorithm>
#include <array>

namespace clairgate::report {

namespace {

using finding::Finding;

// While a long page still comes in, the browser need not lay out what the script will show in
// pieces anyway.
constexpr std::size_t laid_out_at_once = 100;

// What the script filters by and the stylesheet colours by: short words of ours alone.
Fixed action_word(Decided const* decided) {
    if (decided == nullptr)
        return "none";
    if (decided->action == policy::Effect::block)
        return "block";
    if (decided->action == policy::Effect::warn)
        return "warn";
    return decided->is_waived ? Fixed("waived") : Fixed("allow");
}

Fixed action_label(Decided const* decided) {
    if (decided == nullptr)
        return "Undecided";
    if (decided->action == policy::Effect::block)
        return "Blocks";
    if (decided->action == policy::Effect::warn)
        return "Warns";
    return decided->is_waived ? Fixed("Excepted") : Fixed("Allowed");
}

void options_of_layers(HtmlPage& page) {
    auto& html = page.html;
    auto const& layers = page.layers.all();
    std::size_t shown = 0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        auto const& layer = layers[i];
        if (layer.findings == 0 || shown++ >= html_lines_max)
            continue;
        auto const what = layer.instruction.empty() ? html_short(layer.digest) : layer.instruction;
        html.markup("<option value=\"").number(i).markup("\">").number(i + 1).markup(": ");
        html.text(what, 70).markup(" (").number(layer.findings).markup(")</option>");
    }
}

void selects(HtmlPage& page) {
    auto& html = page.html;
    if (page.record.is_decided())
        html.markup("<label>Decision <select id=\"a\"><option value=\"\">any</option>"
                    "<option value=\"block\">blocks</option><option value=\"warn\">warns</option>"
                    "<option value=\"waived\">allowed by an exception</option>"
                    "<option value=\"allow\">allowed</option></select></label>");
    html.markup("<label>Fix <select id=\"f\"><option value=\"\">any</option>"
                "<option value=\"1\">fix available</option>"
                "<option value=\"0\">no fix known</option></select></label>");
    if (!page.layers.all().empty()) {
        html.markup("<label>Layer <select id=\"l\"><option value=\"\">any</option>");
        auto const& all = page.layers.all();
        if (std::any_of(all.begin(), all.end(), [](auto const& layer) { return layer.is_base; }))
            html.markup("<option value=\"base\">base image</option>"
                        "<option value=\"own\">above the base image</option>");
        options_of_layers(page);
        html.markup("</select></label>");
    }
    if (page.has_platforms) {
        html.markup("<label>Platform <select id=\"p\"><option value=\"\">any</option>");
        auto const& platforms = page.record.scan().platforms;
        for (std::size_t i = 0; i < platforms.size(); ++i)
            html.markup("<option value=\"")
                .number(i)
                .element("\">", platforms[i].platform, "</option>");
        html.markup("</select></label>");
    }
    if (page.record.comparison())
        html.markup("<label>Change <select id=\"n\"><option value=\"\">any</option>"
                    "<option value=\"1\">new</option>"
                    "<option value=\"0\">in the baseline too</option></select></label>");
}

void filters(HtmlPage& page) {
    auto& html = page.html;
    html.markup("<div id=\"tools\" role=\"search\" aria-label=\"Filter the findings\" hidden>"
                "<label class=\"find\"><span class=\"vh\">Search</span>"
                "<input id=\"q\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" "
                "placeholder=\"Search id, package, version, text…\"></label>"
                "<fieldset><legend class=\"vh\">Severity</legend>");
    for (auto const severity : finding::severities) {
        auto const rank = static_cast<std::uint64_t>(severity);
        std::size_t count = 0;
        for (auto const& finding : page.record.findings())
            count += finding.severity == severity ? std::size_t{1} : std::size_t{0};
        if (count == 0)
            continue;
        html.markup("<label class=\"chip\" data-s=\"")
            .number(rank)
            .markup("\"><input type=\"checkbox\"");
        html.markup(" name=\"s\" value=\"")
            .number(rank)
            .element("\"><i></i>", to_string(severity), " <b>");
        html.number(count).markup("</b></label>");
    }
    html.markup("</fieldset><div class=\"selects\">");
    selects(page);
    html.markup("</div></div>");
    html.markup("<div class=\"state\"><p id=\"count\" role=\"status\">");
    html_counted(html, page.record.findings().size(), "finding", "findings");
    html.markup("</p><div id=\"buttons\" hidden>"
                "<label><input id=\"grouped\" type=\"checkbox\" checked> Group by package</label>"
                "<button id=\"open\" type=\"button\">Open all shown</button>"
                "<button id=\"reset\" type=\"button\" disabled>Reset filters</button></div></div>");
}

void heading(HtmlPage& page, HtmlGroup const& group) {
    auto& html = page.html;
    html.markup("<tr class=\"g\"><th scope=\"rowgroup\" colspan=\"8\"><span>").text(group.name);
    if (!group.installed.empty())
        html.element(" <small>", group.installed, "</small>");
    html.markup("</span> <em>");
    if (group.fixable == 0)
        html.number(group.findings).markup(" findings, no fix known");
    else {
        if (group.fixed.empty())
            html.markup("an upgrade fixes ");
        else
            html.element("→ ", group.fixed, " fixes ");
        html.number(group.fixable);
        if (group.fixable != group.findings)
            html.markup(" of ").number(group.findings);
    }
    html.markup("</em>");
    if (group.blocking > 0)
        html.markup(" <b>").number(group.blocking).markup(" block</b>");
    html.markup("</th></tr>");
}

void score(HtmlWriter& html, Finding const& finding) {
    if (finding.cvss.empty())
        return;
    auto const clamped = std::clamp(finding.cvss.front().score, 0.0, 10.0);
    auto const tenths = static_cast<std::uint64_t>(clamped * 10 + 0.5);
    html.markup(" <small>").number(tenths / 10).markup(".").number(tenths % 10).markup("</small>");
}

void attributes(HtmlPage& page, HtmlRow row, Finding const& finding, Decided const* decided) {
    auto& html = page.html;
    html.markup("<tr class=\"f\" data-s=\"").number(static_cast<std::uint64_t>(finding.severity));
    html.markup("\" data-a=\"").markup(action_word(decided));
    html.markup(finding.fixed_version.empty() ? Fixed("\" data-f=\"0\"")
                                              : Fixed("\" data-f=\"1\""));
    if (finding.is_base_layer)
        html.markup(*finding.is_base_layer ? Fixed(" data-b=\"base\"") : Fixed(" data-b=\"own\""));
    if (page.record.comparison())
        html.markup(finding.is_new ? Fixed(" data-n=\"1\"") : Fixed(" data-n=\"0\""));
    auto const findings = page.rows.of(row);
    auto const& all = page.record.findings();
    if (page.layers.place_of(finding)) {
        html.markup(" data-l=\"");
        for (auto const i : findings)
            if (auto const place = page.layers.place_of(all[i]))
                html.number(*place).markup(" ");
        html.markup("\"");
    }
    if (page.has_platforms) {
        html.markup(" data-p=\"");
        auto const& platforms = page.record.scan().platforms;
        for (auto const i : findings) {
            auto const at =
                std::find_if(platforms.begin(), platforms.end(), [&](auto const& scanned) {
                    return scanned.platform == all[i].platform;
                });
            html.number(static_cast<std::uint64_t>(at - platforms.begin())).markup(" ");
        }
        html.markup("\"");
    }
    html.markup(">");
}

void platforms(HtmlPage& page, HtmlRow row) {
    auto& html = page.html;
    auto const findings = page.rows.of(row);
    html.markup("<td>");
    if (findings.size() == page.record.scan().platforms.size())
        html.markup("all ").number(findings.size());
    else
        for (std::size_t i = 0; i < findings.size(); ++i) {
            std::string_view const name = page.record.findings()[findings[i]].platform;
            html.markup(i == 0 ? Fixed("") : Fixed(", "));
            html.text(name.substr(page.platform_prefix.size()), 40);
        }
    html.markup("</td>");
}

void line(HtmlPage& page, HtmlRow row) {
    auto& html = page.html;
    auto const place = page.rows.of(row).front();
    auto const& finding = page.record.findings()[place];
    auto const* const decided = page.record.decision(place);
    attributes(page, row, finding, decided);
    html.element("<td class=\"s\"><i></i>", finding::to_string(finding.severity), "");
    score(html, finding);
    html.element("</td><th scope=\"row\">", finding.id, "");
    if (finding.is_known_exploited && *finding.is_known_exploited)
        html.markup(" <mark>exploited</mark>");
    if (page.record.comparison() && finding.is_new)
        html.markup(" <mark>new</mark>");
    html.element("</th><td>", finding.package.name, "</td><td>");
    html.text(finding.package.version).markup("</td><td>");
    if (finding.fixed_version.empty())
        html.markup("<small>none known</small>");
    else
        html.text(finding.fixed_version);
    html.markup("</td><td class=\"a\">").markup(action_label(decided)).markup("</td>");
    if (page.has_platforms)
        platforms(page, row);
    html.element(
        "<td class=\"m\"><details><summary><span class=\"vh\">Details of ", finding.id, " in ");
    html.text(finding.package.name).markup("</span></summary><div>");
    html_details(page, row);
    html.markup("</div></details></td></tr>\n");
}

void table(HtmlPage& page) {
    auto& html = page.html;
    html.markup(page.has_platforms ? Fixed("<table id=\"list\" class=\"many\">")
                                   : Fixed("<table id=\"list\">"));
    html.markup("<caption class=\"vh\">Findings, worst first</caption><thead><tr>"
                "<th scope=\"col\">Severity</th><th scope=\"col\">Vulnerability</th>"
                "<th scope=\"col\">Package</th><th scope=\"col\">Installed</th>"
                "<th scope=\"col\">Fixed in</th><th scope=\"col\">Decision</th>");
    if (page.has_platforms)
        html.markup("<th scope=\"col\">Platform</th>");
    html.markup("<td></td></tr></thead>\n");
    std::size_t shown = 0;
    for (auto const& group : page.rows.groups) {
        if (shown >= html_rows_max)
            break;
        auto const count = std::min<std::size_t>(group.count, html_rows_max - shown);
        bool const is_late = shown > laid_out_at_once;
        bool const has_heading = group.count > 1;
        html.element("<tbody data-g=\"", group.name, "\"");
        html.markup(has_heading ? Fixed(" data-h=\"\"") : Fixed(""));
        html.markup(is_late ? Fixed(" class=\"late\">") : Fixed(">"));
        if (has_heading)
            heading(page, group);
        for (std::size_t i = 0; i < count; ++i)
            line(page, page.rows.rows[group.first + i]);
        html.markup("</tbody>");
        shown += count;
    }
    html.markup("</table>");
    html_left_out(html, page.rows.rows.size(), shown);
    html.markup("<div id=\"more\" hidden><button id=\"next\" type=\"button\">Show more</button> "
                "<button id=\"whole\" type=\"button\">Show all</button></div>");
}

} // namespace

void html_findings(HtmlPage& page) {
    auto& html = page.html;
    html.markup("<section id=\"findings\" aria-labelledby=\"findings-title\">"
                "<h2 id=\"findings-title\" tabindex=\"-1\">Findings</h2>");
    if (page.record.findings().empty())
        html.markup(page.record.is_decided()
                        ? Fixed("<p>No vulnerability was found in what the scanner knows "
                                "(see “Coverage”).</p>")
                        : Fixed("<p>None is listed because nothing was decided. "
                                "<strong>That is no clean result.</strong></p>"));
    else {
        filters(page);
        table(page);
    }
    html.markup("</section>\n");
}

} // namespace clairgate::report
