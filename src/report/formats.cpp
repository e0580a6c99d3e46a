#include <clairgate/base/text.hpp>
#include <clairgate/report/formats.hpp>

#include <vector>

namespace clairgate::report {

namespace {

constexpr Format table[] = {
    {"table", "for people: what blocks first, with the fix", render_table},
    {"json", "clairgate/report/v1: every fact and decision, for gate and verify", render_json},
    {"sarif", "SARIF 2.1.0 for code scanning: GitHub, Azure DevOps, IDEs", render_sarif},
    {"gitlab", "GitLab's container scanning report (15.2)", render_gitlab},
    {"codequality", "GitLab's code quality widget (all tiers)", render_codequality},
    {"junit", "JUnit XML: a test case per finding, for any CI system", render_junit},
    {"markdown", "for a step summary, at most 1 MiB", render_markdown},
    {"markdown-comment", "for a comment of a pull or merge request, changes first", render_comment},
    {"html", "one self-contained page: search, filter, sort, print", render_html},
    {"cyclonedx", "CycloneDX 1.6: components with their vulnerabilities", render_cyclonedx},
    {"openvex", "OpenVEX 0.2.0: what the exceptions say", render_openvex},
    {"csv", "RFC 4180: a line per finding, for spreadsheets", render_csv},
    {"dotenv", "KEY=value lines: verdict, digest and counts for the next job", render_dotenv},
};

} // namespace

std::string rendered(Format const& format, Record const& record, RenderOptions const& options) {
    std::string text;
    Out out([&text](std::string_view piece) { text += piece; });
    format.render(record, options, out);
    out.finish();
    return text;
}

std::span<Format const> formats() {
    return table;
}

Result<Format const*> find_format(std::string_view name) {
    std::vector<std::string_view> names;
    std::string all;
    for (auto const& format : table) {
        if (format.name == name)
            return &format;
        names.push_back(format.name);
        all += cat(all.empty() ? "" : ", ", format.name);
    }
    return Error(ErrorKind::usage, cat("unknown report format: ", name, did_you_mean(name, names)))
        .with_remedy(cat("-o FORMAT[=FILE] with ", all));
}

} // namespace clairgate::report
