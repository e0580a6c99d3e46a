#include <clairgate/report/formats.hpp>
#include <clairgate/report/html_assets.hpp>
#include <clairgate/report/html_parts.hpp>

#include <algorithm>

namespace clairgate::report {

namespace {

// "linux/" says nothing where everything is.
std::string_view usual_prefix(Record const& record) {
    constexpr std::string_view usual = "linux/";
    auto const& all = record.scan().platforms;
    bool const is_usual = std::all_of(all.begin(), all.end(), [&](auto const& scanned) {
        return scanned.platform.starts_with(usual);
    });
    return is_usual ? usual : std::string_view();
}

// Nothing is loaded, nothing inline runs but the two texts whose hashes stand here.
void head(HtmlPage& page) {
    auto& html = page.html;
    html.markup("<!doctype html>\n<html lang=\"en\" data-verdict=\"")
        .text(page.record.verdict_word());
    html.markup("\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src '");
    html.hash_of(html_stylesheet()).markup("'; script-src '").hash_of(html_script());
    html.markup("'; base-uri 'none'; form-action 'none'\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta name=\"referrer\" content=\"no-referrer\">\n"
                "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    html.text(page.record.verdict_word()).markup(" – ").text(page.record.reference().text(), 200);
    html.markup("</title>\n<style>").markup(html_stylesheet());
    html.markup("</style>\n<script>").markup(html_script()).markup("</script>\n</head>\n");
}

void banner(HtmlPage& page) {
    auto& html = page.html;
    html.markup("<body>\n<a class=\"skip\" href=\"#findings-title\">Skip to the findings</a>\n"
                "<header><strong>clairgate</strong><nav aria-label=\"Parts of this report\">"
                "<a href=\"#findings\">Findings</a>");
    if (!page.layers.all().empty())
        html.markup("<a href=\"#layers\">Layers</a>");
    if (!page.record.account().exceptions.empty())
        html.markup("<a href=\"#exceptions\">Exceptions</a>");
    html.markup("<a href=\"#coverage\">Coverage</a><a href=\"#policy\">Policy</a>"
                "<a href=\"#data\">Data</a></nav>"
                "<button id=\"theme\" type=\"button\" hidden>Dark</button></header>\n<main>\n");
}

} // namespace

void html_counted(HtmlWriter& html, std::size_t count, Fixed one, Fixed many) {
    html.number(count).markup(" ").markup(count == 1 ? one : many);
}

std::string_view html_short(std::string_view digest) {
    return digest.substr(0, std::string_view("sha256:").size() + 12);
}

void html_place(HtmlWriter& html, policy::Origin const& origin) {
    if (origin.file.empty()) {
        html.markup("built-in");
        return;
    }
    html.text(origin.file);
    if (origin.line > 0) // a statement of a VEX document has none
        // A file named "section_start" would make a marker of a GitLab log with a plain colon.
        html.markup("&#58;").number(origin.line).markup(":").number(origin.column);
}

Fixed html_coverage(policy::CoverageState state) {
    switch (state) {
    case policy::CoverageState::covered:
        return "covered";
    case policy::CoverageState::partly:
        return "partly covered";
    case policy::CoverageState::uncovered:
        break;
    }
    return "not covered";
}

void html_left_out(HtmlWriter& html, std::size_t all, std::size_t shown) {
    if (shown < all)
        html.markup("<span class=\"rest\">… and ")
            .number(all - shown)
            .markup(" more: <code>-o json=FILE</code> has all</span>");
}

void render_html(Record const& record, RenderOptions const& /*options*/, Out& out) {
    HtmlWriter html(out);
    auto const rows = html_rows_of(record);
    HtmlLayers const layers(record);
    auto const upgrades = upgrades_of(record);
    HtmlPage page{record,
                  html,
                  rows,
                  layers,
                  upgrades,
                  record.scan().platforms.size() > 1,
                  usual_prefix(record)};
    head(page);
    banner(page);
    html_verdict(page);
    html_comparison(page);
    html.markup("<div class=\"pair\">");
    html_first_steps(page);
    html_severities(page);
    html.markup("</div>\n");
    html_findings(page);
    html_grounds(page);
    html.element("</main>\n<footer>Written by clairgate ", record.clairgate_version(), ". ");
    html.markup("This page loads nothing and tells nobody that it was opened.</footer>\n"
                "</body>\n</html>\n");
}

} // namespace clairgate::report
