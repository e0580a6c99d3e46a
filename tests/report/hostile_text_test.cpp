// Nothing that a registry, Clair or an image says is more than text in any format: a corpus of
// hostile strings in every field that comes from outside.
#include "report/rendered.hpp"
#include "report/sample_report.hpp"
#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>

namespace clairgate::report {
namespace {

std::vector<std::string> corpus() {
    std::vector<std::string> texts{
        "\x1b[31mred\x1b[0m",
        "\x1b[2J\x1b[H",
        "\x1b]0;title\x07",
        "\x1b]8;;https://evil.test\x1b\\link\x1b]8;;\x1b\\",
        "\x1b]52;c;ZXZpbA==\x07",
        "\x1bP+q544e\x1b\\",
        "\xC2\x9B"
        "31mC1",
        "\xC2\x9D"
        "0;t\xC2\x9C",
        "a\rb",
        "a\nb",
        "a\r\n::error::x",
        "\n::set-output name=verdict::pass",
        "::set-output name=verdict::pass",
        "  ::set-env name=PATH::/evil",
        "::add-mask::a",
        "::stop-commands::token",
        "::error file=a,line=1::x",
        "x::warning::y",
        ":::::",
        "##[command]rm",
        "##[error]x",
        "##vso[task.setvariable variable=a]b",
        "##vso[task.complete result=Succeeded;]",
        "##teamcity[buildStop comment='x']",
        "a ##teamcity[publishArtifacts 'x']",
        "####",
        "section_start:1560896352:evil[collapsed=true]\r\x1b[0Kx",
        "section_end:1560896352:evil\r\x1b[0K",
        "travis_fold:start:evil",
        "--- evil",
        "^^^ +++",
        "=cmd|' /C calc'!A0",
        "@SUM(1+1)",
        "<script>alert(1)</script>",
        "</script><img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "]]><x>",
        "-->",
        "&#x3c;",
        "`rm -rf /`",
        "](https://evil.test)",
        "a|b|c",
        "$(id) ${IFS} %s%n",
        "\xE2\x80\xA8line",
        "\xE2\x80\xA9paragraph",
        "\xE2\x80\xAEgpj.exe",
        "\xE2\x81\xA6isolate\xE2\x81\xA9",
        "zero\xE2\x80\x8Bwidth\xE2\x80\x8Djoiner",
        ":\xE2\x80\x8B:error:\xE2\x80\x8B:",
        "\xEF\xBB\xBF"
        "bom",
        "\xF3\xA0\x81\x81tag",
        "\xC0\xAFoverlong",
        "\xED\xA0\x80surrogate",
        "\xFF\xFE",
        std::string("nul\0byte", 8),
        "\x7f\x08\x0b\x0c",
        "\"quoted\\\"",
        "ALLOWED  registry.example/team/shop",
        "Coverage: Clair has data for all packages found",
    };
    texts.push_back(std::string(10'000, 'A'));
    texts.push_back(std::string(1'000, '\x1b'));
    return texts;
}

struct Field {
    char const* name;
    std::function<void(Report&, std::string const&)> set;
};

Field finding_field(char const* name, std::string finding::Finding::* member) {
    auto set = [member](Report& report, std::string const& text) {
        for (auto& finding : report.scan.findings)
            finding.*member = text;
    };
    return {name, set};
}

Field package_field(char const* name, std::string finding::Package::* member) {
    auto set = [member](Report& report, std::string const& text) {
        for (auto& finding : report.scan.findings)
            finding.package.*member = text;
    };
    return {name, set};
}

Field scanner_field(char const* name, std::string finding::Scanner::* member) {
    auto set = [member](Report& report, std::string const& text) {
        report.scan.scanner.*member = text;
    };
    return {name, set};
}

std::vector<Field> fields() {
    return {
        finding_field("id", &finding::Finding::id),
        finding_field("updater", &finding::Finding::updater),
        finding_field("distribution", &finding::Finding::distribution),
        finding_field("fixed_version", &finding::Finding::fixed_version),
        finding_field("description", &finding::Finding::description),
        finding_field("vendor_severity_word", &finding::Finding::vendor_severity_word),
        package_field("name", &finding::Package::name),
        package_field("version", &finding::Package::version),
        package_field("kind", &finding::Package::kind),
        package_field("architecture", &finding::Package::architecture),
        package_field("module", &finding::Package::module),
        package_field("source_name", &finding::Package::source_name),
        package_field("source_version", &finding::Package::source_version),
        package_field("purl", &finding::Package::purl),
        package_field("ecosystem", &finding::Package::ecosystem),
        package_field("repository", &finding::Package::repository),
        scanner_field("scanner.version", &finding::Scanner::version),
        scanner_field("scanner.index_state", &finding::Scanner::index_state),
        {"aliases and links",
         [](Report& report, std::string const& text) {
             for (auto& finding : report.scan.findings) {
                 finding.aliases = {text};
                 finding.links = {text, text};
             }
         }},
        {"cvss vector",
         [](Report& report, std::string const& text) {
             for (auto& finding : report.scan.findings)
                 finding.cvss = {{text, text, 9.8}};
         }},
        {"platform",
         [](Report& report, std::string const& text) {
             report.scan.platforms[0].platform = text;
             for (auto& finding : report.scan.findings)
                 finding.platform = text;
         }},
        {"platform of two",
         [](Report& report, std::string const& text) {
             report.scan.platforms.push_back(report.scan.platforms[0]);
             report.scan.platforms[1].platform = text;
             report.scan.findings[0].platform = text;
         }},
        {"unsupported ecosystem",
         [](Report& report, std::string const& text) {
             report.scan.platforms[0].ecosystems = {{text, "", 100, false, {text}, std::nullopt}};
         }},
        {"unsupported distribution",
         [](Report& report, std::string const& text) {
             report.scan.platforms[0].ecosystems = {{text, text, 100, false, {}, std::nullopt}};
         }},
        {"updater",
         [](Report& report, std::string const& text) {
             for (auto& updater : report.scan.scanner.updaters)
                 updater.updater = updater.fingerprint = updater.ref = text;
         }},
        {"media type", [](Report& report, std::string const& text) { report.media_type = text; }},
        {"context",
         [](Report& report, std::string const& text) { report.context["application"] = text; }},
    };
}

// All that must never reach a terminal or a CI log, beside the line breaks and colours of ours.
std::string offence_in(std::string const& text) {
    for (auto const line : split(text, '\n')) {
        if (printable(line, SIZE_MAX) != line)
            return cat("active character in: ", printable(line, 200));
        for (auto const* marker : {"::", "##", "section_start:", "section_end:", "travis_fold:"})
            if (line.find(marker) != std::string_view::npos)
                return cat(marker, " in: ", printable(line, 200));
    }
    return {};
}

// Headings of Markdown and pseudo-elements of CSS are ours, as are CSV's line ends: none of them
// stands in a text.
std::string without_own_markers(std::string text) {
    for (auto const& [own, instead] : {std::pair("\r\n", "\n"),
                                       std::pair("\n### ", "\n"),
                                       std::pair("\n## ", "\n"),
                                       std::pair("::before", ""),
                                       std::pair("::after", ""),
                                       std::pair("::marker", ""),
                                       std::pair("::-webkit", "")})
        for (auto at = text.find(own); at != std::string::npos; at = text.find(own, at))
            text.replace(at, std::string_view(own).size(), instead);
    if (text.starts_with("## "))
        text.erase(0, 3);
    return text;
}

// CSV keeps "Foo::Bar", since each of its lines begins with a quote of ours.
std::string without_colons_that_begin_no_line(std::string const& text) {
    std::string out;
    for (char const c : text) {
        bool const is_second = c == ':' && out.ends_with(':');
        auto const line = out.substr(out.find_last_of('\n') + 1); // npos + 1 is 0
        if (!is_second || line == ":")
            out += c;
    }
    return out;
}

// Every line of the table begins with words of ours.
std::string stray_line_in(std::string const& table) {
    static std::string_view const heads[] = {"BLOCKED  ",
                                             "ALLOWED  ",
                                             "ALLOWED with warnings  ",
                                             "UNDECIDED  ",
                                             "Blocking (",
                                             "Warnings (",
                                             "Next",
                                             "Rules: ",
                                             "Coverage: ",
                                             "Base image: ",
                                             "Policy: ",
                                             "Data: ",
                                             "  ",
                                             "\x1b["};
    for (auto const line : split(table, '\n')) {
        bool const is_ours =
            line.empty() || std::any_of(std::begin(heads), std::end(heads), [&](auto h) {
                return line.starts_with(h);
            });
        if (!is_ours)
            return std::string(line);
    }
    return {};
}

template <class Check>
void for_each_hostile_report(Check check) {
    auto const texts = corpus();
    for (auto const& field : fields()) {
        for (auto const& text : texts) {
            auto report = sample::report();
            field.set(report, text);
            auto const judged = sample::report_of(report.scan, *report.policy);
            report.verdict = judged.verdict;
            check(report, cat(field.name, " = ", printable(text, 60)));
        }
    }
}

TEST(HostileText, TheCorpusIsLargeEnough) {
    EXPECT_GE(corpus().size(), 60U);
    EXPECT_GE(fields().size(), 27U);
}

TEST(HostileText, IsInertInTheTable) {
    for_each_hostile_report([](Report const& report, std::string const& what) {
        for (std::size_t const columns : {80U, 160U}) {
            RenderOptions options;
            options.columns = columns;
            options.is_utf8 = columns == 160;
            auto const table = table_of(report, options);
            ASSERT_EQ(offence_in(table), "") << what;
            ASSERT_EQ(stray_line_in(table), "") << what;
            ASSERT_LT(table.size(), 20'000U) << what;
            ASSERT_TRUE(table.starts_with("BLOCKED  registry.example/")) << what;
        }
    });
}

TEST(HostileText, IsAsciiInTheTableWhereTheTerminalIs) {
    for_each_hostile_report([](Report const& report, std::string const& what) {
        RenderOptions options;
        options.is_utf8 = false;
        for (char const c : table_of(report, options))
            ASSERT_LT(static_cast<unsigned char>(c), 0x80U) << what;
    });
}

TEST(HostileText, IsInertInJsonAndComesBackFromAParser) {
    for_each_hostile_report([](Report const& report, std::string const& what) {
        auto const text = json_of(report);
        ASSERT_EQ(offence_in(text), "") << what;
        auto const root = clairgate::json::parse(text);
        ASSERT_TRUE(root.has_value()) << what;
        auto const& name = report.scan.findings[0].package.name;
        if (is_utf8(name)) {
            ASSERT_EQ((*root)["findings"][0]["package"]["name"], name) << what;
        }
    });
}

TEST(HostileText, IsInertInAReasonWhyNothingWasDecided) {
    for (auto const& text : corpus()) {
        auto report = sample::undecided_report();
        report.undecided_reason = text;
        for (auto const& format : formats()) {
            auto shown = without_own_markers(rendered(format, Record(report)));
            if (format.name == "csv")
                shown = without_colons_that_begin_no_line(shown);
            EXPECT_EQ(offence_in(shown), "") << format.name << ": " << printable(text, 60);
        }
        EXPECT_EQ(stray_line_in(table_of(report)), "") << printable(text, 60);
    }
}

} // namespace
} // namespace clairgate::report
