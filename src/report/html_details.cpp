#include <clairgate/report/html_parts.hpp>

#include <algorithm>
#include <span>

namespace clairgate::report {

namespace {

using finding::Finding;

constexpr std::size_t sentence_bytes_max = 2048;
constexpr std::size_t listed_max = 12;
constexpr std::size_t scores_max = 4;

// One term of the list, left out where there is nothing to say.
void term(HtmlWriter& html, Fixed name, std::string_view text) {
    if (!text.empty())
        html.markup("<dt>").markup(name).element("</dt><dd>", text, "</dd>");
}

void origin(HtmlPage& page, Decided const& decided) {
    auto& html = page.html;
    auto const& rules = page.record.account().rules;
    auto const& rule = rules[decided.rule];
    html.element("<dt>Decided by</dt><dd>", rule.text, " <span class=\"at\">");
    html_place(html, rule.origin);
    html.markup("</span>");
    if (decided.lock) {
        auto const& lock = rules[*decided.lock];
        html.element("<br>made stricter by ", lock.text, " <span class=\"at\">");
        html_place(html, lock.origin);
        html.markup("</span>");
    }
    html.markup("</dd>");
    term(html, "What helps", decided.remedy);
    if (decided.turns_red)
        html.markup("<dt>Turns red</dt><dd>").time(*decided.turns_red).markup("</dd>");
}

void acceptance(HtmlWriter& html, Decided const& decided) {
    if (!decided.exception.empty())
        html.markup("<dt>To accept it</dt><dd>in your application’s policy file:<pre>&#10;")
            .lines(decided.exception, sentence_bytes_max)
            .markup("</pre></dd>");
    if (!decided.pinned.empty())
        html.element("<dt>To accept it</dt><dd>no exception of an application lifts ",
                     decided.pinned,
                     "</dd>");
}

void package(HtmlWriter& html, finding::Package const& package, Finding const& finding) {
    html.element("<dt>Package</dt><dd>", package.name, " ").text(package.version);
    if (!package.architecture.empty())
        html.element(" (", package.architecture, ")");
    if (!package.source_name.empty() && package.source_name != package.name)
        html.element(", built from ", package.source_name, " ").text(package.source_version);
    auto const& from = finding.distribution.empty() ? package.ecosystem : finding.distribution;
    if (!from.empty())
        html.element(", ", from, "");
    if (!package.purl.empty())
        html.element("<br><code>", package.purl, "</code>");
    html.markup("</dd>");
}

void layer(HtmlPage& page, Finding const& finding, bool has_platform) {
    auto const& digest = finding.layer;
    if (!digest)
        return;
    auto& html = page.html;
    html.markup("<li>");
    if (has_platform)
        html.element("<b>", finding.platform, "</b> ");
    if (auto const instruction = page.record.instruction(finding); !instruction.empty())
        html.element("<code class=\"t\">", instruction, "</code> ");
    html.element("<span class=\"at\">", html_short(digest->text()), "");
    if (finding.is_base_layer)
        html.markup(*finding.is_base_layer ? Fixed(", base image") : Fixed(", above the base"));
    html.markup("</span></li>");
}

void layers(HtmlPage& page, HtmlRow row) {
    auto const findings = page.rows.of(row);
    auto const& all = page.record.findings();
    if (std::none_of(findings.begin(), findings.end(), [&](std::uint32_t i) {
            return all[i].layer.has_value();
        }))
        return;
    page.html.markup("<dt>Brought in by</dt><dd><ul>");
    for (auto const i : findings.first(std::min(findings.size(), listed_max)))
        layer(page, all[i], findings.size() > 1);
    page.html.markup("</ul>");
    html_left_out(page.html, findings.size(), std::min(findings.size(), listed_max));
    page.html.markup("</dd>");
}

void score(HtmlWriter& html, double score) {
    auto const tenths = static_cast<std::uint64_t>(std::clamp(score, 0.0, 10.0) * 10 + 0.5);
    html.number(tenths / 10).markup(".").number(tenths % 10);
}

void severity(HtmlWriter& html, Finding const& finding) {
    html.markup("<dt>Severity</dt><dd>").text(finding::to_string(finding.severity));
    if (finding.severity_source == "cvss")
        html.markup(" by its CVSS score");
    if (!finding.vendor_severity_word.empty())
        html.element("; the vendor says “", finding.vendor_severity_word, "”");
    auto const shown = std::min(finding.cvss.size(), scores_max);
    for (auto const& cvss : std::span(finding.cvss).first(shown)) {
        html.element("<br>CVSS ", cvss.version, " <b>");
        score(html, cvss.score);
        html.element("</b> <code>", cvss.vector, "</code>");
    }
    html_left_out(html, finding.cvss.size(), shown);
    if (finding.is_known_exploited && *finding.is_known_exploited)
        html.markup("<br>known to be exploited (CISA’s catalogue)");
    if (finding.epss) {
        html.markup("<br>EPSS ");
        auto const tenths = static_cast<std::uint64_t>(std::clamp(*finding.epss, 0.0, 1.0) * 1000);
        html.number(tenths / 10).markup(".").number(tenths % 10).markup(" %");
    }
    html.markup("</dd>");
}

void dates(HtmlWriter& html, Finding const& finding) {
    if (finding.published)
        html.markup("<dt>Published</dt><dd>").time(*finding.published).markup("</dd>");
    if (finding.first_seen)
        html.markup("<dt>First seen here</dt><dd>").time(*finding.first_seen).markup("</dd>");
    if (finding.fix_first_seen)
        html.markup("<dt>Fix first seen</dt><dd>").time(*finding.fix_first_seen).markup("</dd>");
}

void names(HtmlWriter& html, Finding const& finding) {
    if (finding.aliases.empty())
        return;
    html.markup("<dt>Also known as</dt><dd class=\"t\">");
    auto const shown = std::min(finding.aliases.size(), listed_max);
    for (std::size_t i = 0; i < shown; ++i)
        html.markup(i == 0 ? Fixed("") : Fixed(", ")).text(finding.aliases[i], 80);
    html_left_out(html, finding.aliases.size(), shown);
    html.markup("</dd>");
}

void links(HtmlWriter& html, Finding const& finding) {
    if (finding.links.empty())
        return;
    html.markup("<dt>Read more</dt><dd><ul>");
    for (auto const& link : finding.links)
        html.markup("<li>").link(link).markup("</li>");
    html.markup("</ul></dd>");
}

} // namespace

void html_details(HtmlPage& page, HtmlRow row) {
    auto& html = page.html;
    auto const place = page.rows.of(row).front();
    auto const& finding = page.record.findings()[place];
    auto const* const decided = page.record.decision(place);
    if (decided != nullptr)
        html.markup("<p>").text(decided->sentence, sentence_bytes_max).markup("</p>");
    html.markup("<dl>");
    if (decided != nullptr)
        origin(page, *decided);
    if (!finding.description.empty())
        html.markup("<dt>About</dt><dd class=\"t\">")
            .lines(finding.description, sentence_bytes_max)
            .markup("</dd>");
    package(html, finding.package, finding);
    layers(page, row);
    severity(html, finding);
    names(html, finding);
    dates(html, finding);
    term(html, "Found by", finding.updater);
    links(html, finding);
    if (decided != nullptr)
        acceptance(html, *decided);
    html.markup("</dl>");
}

} // namespace clairgate::report
