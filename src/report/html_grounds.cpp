#include <clairgate/report/html_parts.hpp>

#include <algorithm>
#include <chrono>
#include <initializer_list>

namespace clairgate::report {

namespace {

void section(HtmlWriter& html, Fixed id, Fixed title) {
    html.markup("<section aria-labelledby=\"").markup(id).markup("\"><h2 id=\"").markup(id);
    html.markup("\">").markup(title).markup("</h2>");
}

// A table that may be wider than the screen, which then scrolls by itself.
void begin_table(HtmlWriter& html, Fixed name, std::initializer_list<Fixed> columns) {
    html.markup("<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"").markup(name);
    html.markup("\"><table><thead><tr>");
    for (auto const& column : columns)
        html.markup("<th scope=\"col\">").markup(column).markup("</th>");
    html.markup("</tr></thead><tbody>");
}

void end_table(HtmlWriter& html) {
    html.markup("</tbody></table></div>");
}

void layer_line(HtmlPage& page, std::size_t place) {
    auto& html = page.html;
    auto const& layer = page.layers.all()[place];
    html.markup("<tr><td>").number(place + 1).markup("</td><td>");
    if (layer.instruction.empty())
        html.markup("<small>not known</small>");
    else
        html.markup("<code>").text(layer.instruction, 400).markup("</code>");
    html.markup("</td><td>");
    if (layer.is_base)
        html.markup(*layer.is_base ? Fixed("base image") : Fixed("above it"));
    if (page.has_platforms)
        html.element(" <small>", layer.platform, "</small>");
    html.element("</td><td><code>", html_short(layer.digest), "</code></td><td>");
    if (layer.findings > 0)
        html.markup("<a href=\"#findings\" data-l=\"")
            .number(place)
            .markup("\">")
            .number(layer.findings)
            .markup("</a>");
    else
        html.markup("0");
    html.markup("</td></tr>");
}

void layers(HtmlPage& page) {
    auto& html = page.html;
    auto const& all = page.layers.all();
    if (all.empty())
        return;
    section(html, "layers", "Image layers");
    html.markup(
        "<p>From the bottom up, each with the instruction of the Dockerfile that made it.</p>");
    begin_table(html, "Image layers", {"Layer", "Instruction", "Part of", "Digest", "Findings"});
    auto const shown = std::min(all.size(), html_lines_max);
    for (std::size_t i = 0; i < shown; ++i)
        layer_line(page, i);
    end_table(html);
    html_left_out(html, all.size(), shown);
    html.markup("</section>\n");
}

void coverage(HtmlPage& page) {
    auto& html = page.html;
    auto const& record = page.record;
    section(html, "coverage", "Coverage");
    html.markup("<p>What the scanner could know about the packages it found.</p>");
    for (std::size_t i = 0; i < record.scan().platforms.size(); ++i) {
        auto const& platform = record.scan().platforms[i];
        html.element("<h3>", platform.platform, "");
        if (record.is_decided()) {
            auto const& judged = record.account().coverage[i];
            html.markup(": ").markup(html_coverage(judged.state)).markup("</h3>");
            html.markup("<ul>");
            for (auto const& reason : judged.reasons)
                html.markup("<li>").text(reason, 1024).markup("</li>");
            html.markup("</ul>");
        } else
            html.markup("</h3>");
        begin_table(
            html, "Ecosystems", {"Ecosystem", "Packages", "Supported", "Updaters", "Newest data"});
        for (auto const& one : platform.ecosystems) {
            html.element("<tr><th scope=\"row\">", one.ecosystem, "");
            if (!one.distribution.empty())
                html.element(" <small>", one.distribution, "</small>");
            html.markup("</th><td>").number(one.packages).markup("</td><td>");
            html.markup(one.is_supported ? Fixed("yes") : Fixed("<b>no</b>")).markup("</td><td>");
            auto const shown = std::min<std::size_t>(one.updaters.size(), 12);
            for (std::size_t u = 0; u < shown; ++u)
                html.markup(u == 0 ? Fixed("") : Fixed(", ")).text(one.updaters[u]);
            html_left_out(html, one.updaters.size(), shown);
            if (one.updaters.empty())
                html.markup("<b>none</b>");
            html.markup("</td><td>");
            if (one.newest_data)
                html.time(*one.newest_data);
            else
                html.markup("not known");
            html.markup("</td></tr>");
        }
        end_table(html);
    }
    html.markup("</section>\n");
}

void exception(HtmlWriter& html, ExceptionUse const& use) {
    html.markup("<tr><th scope=\"row\">");
    auto const shown = std::min<std::size_t>(use.ids.size(), 6);
    for (std::size_t i = 0; i < shown; ++i)
        html.markup(i == 0 ? Fixed("") : Fixed(", ")).text(use.ids[i], 80);
    if (use.ids.empty())
        html.text(use.origin.rule);
    html_left_out(html, use.ids.size(), shown);
    html.element("</th><td>", use.state, "");
    if (use.is_break_glass)
        html.markup(" <mark>break-glass</mark>");
    if (use.expires_soon)
        html.markup(" <mark>expires soon</mark>");
    if (use.is_over_broad)
        html.markup(" <mark>too broad</mark>");
    if (use.is_shadowed)
        html.markup(" <mark>without effect</mark>");
    html.element("</td><td>", use.expires, "</td><td>").text(use.owner);
    html.markup("</td><td>").text(use.reason, 1024);
    if (!use.sentence.empty())
        html.markup("<br><small>").text(use.sentence, 1024).markup("</small>");
    html.markup("<br><span class=\"at\">");
    html_place(html, use.origin);
    html.markup("</span></td><td>").number(use.matched).markup("</td><td>");
    html.number(use.waived).markup("</td></tr>");
}

void exceptions(HtmlPage& page) {
    auto const& all = page.record.account().exceptions;
    if (all.empty())
        return;
    auto& html = page.html;
    section(html, "exceptions", "Exceptions");
    begin_table(
        html, "Exceptions", {"For", "State", "Expires", "Owner", "Reason", "Matches", "Allows"});
    auto const shown = std::min(all.size(), html_lines_max);
    for (std::size_t i = 0; i < shown; ++i)
        exception(html, all[i]);
    end_table(html);
    html_left_out(html, all.size(), shown);
    html.markup("</section>\n");
}

void policy(HtmlPage& page) {
    auto& html = page.html;
    auto const& account = page.record.account().policy;
    section(html, "policy", "Policy");
    if (account.files.empty())
        html.markup("<p>Built-in: critical blocks, high blocks if a fix is known, the rest warns. "
                    "Yours goes to <code>.clairgate/policy/global.toml</code>.</p>");
    else {
        html.element("<p>From ", account.source, "");
        html.markup(account.is_trusted ? Fixed(", a trusted source.</p>")
                                       : Fixed(", which is not a trusted source.</p>"));
        begin_table(html, "Policy files", {"File", "Source", "Digest"});
        auto const shown = std::min(account.files.size(), html_lines_max);
        for (std::size_t i = 0; i < shown; ++i)
            html.element("<tr><th scope=\"row\">", account.files[i].path, "</th><td>")
                .text(account.files[i].source)
                .element("</td><td><code>", account.files[i].digest, "</code></td></tr>");
        end_table(html);
        html_left_out(html, account.files.size(), shown);
    }
    auto const shown = std::min(account.notes.size(), html_lines_max);
    if (shown > 0) {
        html.markup("<ul>");
        for (std::size_t i = 0; i < shown; ++i)
            html.markup("<li>").text(account.notes[i], 1024).markup("</li>");
        html.markup("</ul>");
    }
    html_left_out(html, account.notes.size(), shown);
    html.markup("</section>\n");
}

void data(HtmlPage& page) {
    auto& html = page.html;
    auto const& scanner = page.record.scan().scanner;
    section(html, "data", "Scanner and data");
    html.element("<p>", scanner.name, " ").text(scanner.version);
    if (!scanner.index_state.empty())
        html.element(", index state <code>", scanner.index_state, "</code>");
    html.markup(". ");
    if (auto const date = page.record.data_date()) {
        html.markup("Its newest vulnerability data is of ").time(*date);
        auto const age = page.record.run().finished - *date;
        if (age > std::chrono::seconds(0))
            html.element(", ", clairgate::to_string(Duration(age)), " old at the scan");
        html.markup(".</p>");
    } else
        html.markup("<b>The age of its vulnerability data is not known.</b></p>");
    if (!scanner.updaters.empty()) {
        html.markup("<details><summary>");
        html_counted(html, scanner.updaters.size(), "updater", "updaters");
        html.markup("</summary>");
        begin_table(html, "Updaters", {"Updater", "Last change"});
        auto const shown = std::min(scanner.updaters.size(), html_lines_max);
        for (std::size_t i = 0; i < shown; ++i)
            html.element("<tr><th scope=\"row\">", scanner.updaters[i].updater, "</th><td>")
                .time(scanner.updaters[i].date)
                .markup("</td></tr>");
        end_table(html);
        html_left_out(html, scanner.updaters.size(), shown);
        html.markup("</details>");
    }
    html.markup("</section>\n");
}

} // namespace

void html_grounds(HtmlPage& page) {
    layers(page);
    exceptions(page);
    coverage(page);
    policy(page);
    data(page);
}

} // namespace clairgate::report
