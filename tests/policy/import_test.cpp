#include <clairgate/base/limits.hpp>

#include <chrono>
#include <policy/imports/imported.hpp>
#include <random>

namespace clairgate::policy {
namespace {

struct Sample {
    char const* format;
    char const* file_name;
    char const* text;
};

// One of each format, as its tool documents it.
constexpr Sample samples[] = {
    {"trivyignore", "x", "# why\nCVE-2024-0001 exp:2030-01-01\n"},
    {"trivyignore-yaml", "x", "vulnerabilities:\n- id: CVE-2024-0001\n  statement: why\n"},
    {"grype", "x", "ignore:\n- vulnerability: CVE-2024-0001\n  reason: why\n"},
    {"gitlab", "x", "generalallowlist:\n  CVE-2024-0001: why\n"},
    {"clair-scanner", "x", "generalwhitelist:\n  CVE-2024-0001: why\n"},
    {"klar", "x", "general:\n- CVE-2024-0001\n"},
    {"harbor", "x", R"({"expires_at":null,"items":[{"cve_id":"CVE-2024-0001"}]})"},
    {"openvex",
     "x",
     R"({"@context":"https://openvex.dev/ns/v0.2.0","@id":"x","author":"why","statements":[
         {"vulnerability":{"name":"CVE-2024-0001"},"timestamp":"2026-01-01T00:00:00Z",
          "status":"fixed","products":["pkg:gem/rake"]}]})"},
    {"devtron",
     "x",
     R"({"result":{"level":"global","policies":[
         {"cves":[{"name":"CVE-2024-0001","policy":{"action":"allow"}}]}]}})"},
};

TEST(Import, EachFormatIsKnownByItsContentAndByItsName) {
    std::vector<std::string> names;
    for (auto const& format : import_formats()) {
        names.emplace_back(format.name);
        EXPECT_FALSE(format.help.empty());
    }
    ASSERT_EQ(names.size(), std::size(samples));
    for (std::size_t i = 0; i < names.size(); ++i) {
        EXPECT_EQ(names[i], samples[i].format);
        for (auto const& options : {test::options(), test::as(names[i])}) {
            auto const imported = import_policy(samples[i].file_name, samples[i].text, options);
            ASSERT_TRUE(imported.has_value()) << names[i] << imported.error().text();
            test::check(*imported);
            EXPECT_EQ(imported->format, names[i]);
            EXPECT_EQ(imported->entries, 1U) << names[i];
            EXPECT_TRUE(imported->left.empty()) << names[i];
            ASSERT_EQ(imported->files.size(), 1U);
            EXPECT_EQ(imported->files[0].path, names[i] == "devtron" ? "global.toml" : "");
            EXPECT_NE(imported->files[0].toml.find("id = [\"CVE-2024-0001\"]"), std::string::npos);
        }
    }
}

TEST(Import, AFileNameDecidesBeforeTheContent) {
    EXPECT_EQ(test::import("/home/a/.grype.yaml", samples[3].text),
              "protocol: .grype.yaml: not a configuration of grype: it has no list \"ignore\"");
    EXPECT_EQ(test::import("a/b.vex.json", samples[6].text),
              "protocol: b.vex.json: not an OpenVEX document: @context is missing");
    EXPECT_EQ(import_policy("a.trivyignore.yml", samples[1].text, test::options())->format,
              "trivyignore-yaml");
    EXPECT_EQ(import_policy(
                  "vulnerability-allowlist.yml", "images: {a: {CVE-2024-0001: }}", test::options())
                  ->format,
              "gitlab");
}

TEST(Import, SaysWhenAFormatIsNotKnown) {
    EXPECT_EQ(test::import("x", "CVE-2024-0001", test::as("tivyignore")),
              "usage: unknown format \"tivyignore\" for --format (did you mean trivyignore?)");
    EXPECT_EQ(test::import("x", "CVE-2024-0001", test::as("")),
              "usage: unknown format \"\" for --format");
    for (std::string_view const text : {"",
                                        "hello",
                                        "a: b",
                                        "{}",
                                        "[]",
                                        "[1]",
                                        "null",
                                        "7",
                                        "images: {}",
                                        "images: {a: b}",
                                        "general_allowlist: {}"})
        EXPECT_EQ(test::import("x.yaml", text), "usage: x.yaml: the format is not recognised")
            << text;
    auto const unknown = import_policy("x.yaml", "a: b", test::options());
    EXPECT_EQ(unknown.error().remedy(),
              "name it with --format, one of trivyignore, trivyignore-yaml, grype, gitlab, "
              "clair-scanner, klar, harbor, openvex, devtron");
    EXPECT_EQ(test::import("x", R"({"ignore":[],"general":[]})"),
              "usage: x: the format could be grype or klar");
    EXPECT_EQ(test::import(".snyk", "ignore: {}"),
              "usage: .snyk: a .snyk file names vulnerabilities by ids of Snyk alone, which Clair "
              "does not know");
}

TEST(Import, BrokenFilesAreNamedWithTheirPlace) {
    EXPECT_EQ(test::import("a/x.yaml", "ignore:\n- vulnerability: [\n"),
              "protocol: x.yaml:3:1: not valid YAML: did not find expected node content");
    EXPECT_EQ(test::import("x.json", "{\"items\": ["), "protocol: x.json: not valid JSON");
    EXPECT_EQ(test::import(".trivyignore", std::string(limits::policy_file_bytes + 1, '\n')),
              "limit: .trivyignore: larger than 1024 KiB");
    EXPECT_EQ(test::import("x", "ignore: " + std::string(40, '[')),
              "limit: x:1:40: nested deeper than 32");
}

TEST(Import, RefusesWhatNoPolicyFileCouldHold) {
    std::string text;
    for (int i = 0; i < 12'000; ++i)
        text += cat("CVE-2024-", 10'000 + i, "\n");
    EXPECT_EQ(test::import(".trivyignore", text),
              "limit: .trivyignore: its entries would need a policy file of more than 1024 KiB");
}

TEST(Import, MissingOwnerReasonAndExpiryAreAskedFor) {
    for (auto const& sample : samples) {
        auto const imported = import_policy(sample.file_name, sample.text, {});
        ASSERT_FALSE(imported.has_value()) << sample.format;
        EXPECT_EQ(imported.error().kind(), ErrorKind::usage);
        EXPECT_NE(imported.error().text().find(" give --"), std::string::npos) << sample.format;
        EXPECT_EQ(imported.error().text().find("--expires") == std::string::npos,
                  std::string_view(sample.format) == "trivyignore");
    }
}

TEST(Import, ThePlaceOfOriginIsNamedInOneLine) {
    auto const imported = import_policy("/tmp/a\nschema = 2\n\xE2\x80\xAE.trivyignore",
                                        "CVE-2024-0001",
                                        test::options())
                              .value();
    test::check(imported);
    EXPECT_TRUE(imported.files[0].toml.starts_with(
        "# Imported from a schema = 2 \\u{202e}.trivyignore (trivyignore). Read every entry before "
        "you rely on it.\nschema = 1\n"))
        << imported.files[0].toml;
}

// Whatever is done to a file, what comes out is a policy, and every text is safe to print.
TEST(Import, SurvivesDamage) {
    std::random_device device;
    auto const seed = device();
    std::mt19937 random(seed);
    constexpr std::string_view pieces[] = {"\"",   "\\",
                                           "\n",   "]",
                                           "}",    "{",
                                           "[",    ":",
                                           "*",    "&a ",
                                           "*a",   "<<: ",
                                           "#",    "\xE2\x80\xAE",
                                           "\xff", std::string_view("\0", 1),
                                           "\r",   "\"\"\"",
                                           "null", "1",
                                           "'",    "- ",
                                           "\t",   "\x1b["};
    auto const start = std::chrono::steady_clock::now();
    for (auto const& sample : samples) {
        for (int i = 0; i < 400; ++i) {
            std::string text = sample.text;
            for (auto damages = random() % 4; damages < 4; ++damages) {
                auto const at = random() % (text.size() + 1);
                if (random() % 3 == 0)
                    text.erase(at, random() % 8);
                else
                    text.insert(at, pieces[random() % std::size(pieces)]);
            }
            auto const imported = import_policy("x", text, test::as(sample.format));
            if (!imported.has_value())
                continue;
            test::check(*imported);
            for (auto const& left : imported->left) {
                EXPECT_EQ(printable(left.entry, 1000), left.entry) << "seed " << seed;
                EXPECT_EQ(printable(left.why, 1000), left.why) << "seed " << seed;
            }
            if (HasFailure())
                FAIL() << "seed " << seed << " " << sample.format << "\n" << text;
        }
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

} // namespace
} // namespace clairgate::policy
