#include <policy/imports/imported.hpp>

namespace clairgate::policy {
namespace {

using test::allow;

constexpr std::string_view order = "# In Devtron an entry of a CVE wins over any severity: say "
                                   "precedence = \"devtron\" in global.toml.\n";

std::string permission(std::string_view action, bool is_inherited = false) {
    return cat(R"("policy":{"action":")",
               action,
               R"(","inherited":)",
               is_inherited ? "true" : "false",
               R"(,"isOverriden":)",
               is_inherited ? "false" : "true",
               "}");
}

std::string severity(int id, std::string_view word, std::string_view action) {
    return cat(R"({"id":)",
               id,
               ",",
               permission(action),
               R"(,"policyOrigin":"x","severity":")",
               word,
               R"("})");
}

std::string cve(int id, std::string_view name, std::string_view action) {
    return cat(R"({"id":)",
               id,
               ",",
               permission(action),
               R"(,"policyOrigin":"x","severity":"high","name":")",
               name,
               R"("})");
}

std::string policy(std::string_view name, std::string_view severities, std::string_view cves) {
    return cat(
        R"({"name":")", name, R"(","severities":[)", severities, R"(],"cves":[)", cves, "]}");
}

std::string answer(std::string_view level, std::string_view policies) {
    return cat(R"({"code":200,"status":"OK","result":{"level":")",
               level,
               R"(","policies":[)",
               policies,
               "]}}");
}

std::string read(std::string_view text) {
    auto const imported = import_policy("policies.json", text, test::options());
    if (!imported.has_value())
        return cat(to_string(imported.error().kind()), ": ", imported.error().text());
    test::check(*imported);
    return test::import("policies.json", text);
}

TEST(ImportDevtron, TheGlobalListIsTheGlobalFileInDevtronsOrder) {
    auto const text =
        answer("global",
               policy("",
                      severity(1, "critical", "block") + "," + severity(2, "high", "blockiffixed") +
                          "," + severity(3, "moderate", "allow") + "," +
                          severity(4, "low", "allow") + "," + severity(5, "unknown", "allow"),
                      cve(6, "CVE-2021-44228", "block") + "," + cve(7, "CVE-2024-0001", "allow") +
                          "," + cve(8, "CVE-2024-0002", "blockiffixed")));
    EXPECT_EQ(read(text),
              cat("== global.toml\n"
                  "precedence = \"devtron\"\n"
                  "\n[severity]\n"
                  "critical = \"block\"\n"
                  "high = \"block-if-fixed\"\n"
                  "medium = \"allow\"\n"
                  "low = \"allow\"\n"
                  "unknown = \"allow\"\n"
                  "\n[[rule]]\n"
                  "name = \"block CVE-2021-44228\"\n"
                  "when = { id = [\"CVE-2021-44228\"] }\n"
                  "action = \"block\"\n"
                  "reason = \"Devtron's policy of this vulnerability\"\n"
                  "\n[[rule]]\n"
                  "name = \"block-if-fixed CVE-2024-0002\"\n"
                  "when = { id = [\"CVE-2024-0002\"] }\n"
                  "action = \"block-if-fixed\"\n"
                  "reason = \"Devtron's policy of this vulnerability\"\n",
                  allow("CVE-2024-0001")));
}

TEST(ImportDevtron, EachLevelHasItsFile) {
    EXPECT_EQ(read(answer("cluster", policy("default_cluster", severity(1, "high", "block"), ""))),
              "== cluster/default_cluster.toml\n\n[severity]\nhigh = \"block\"\n");
    EXPECT_EQ(
        read(answer("environment", policy("prod-eu.1", "", cve(1, "CVE-2024-0001", "allow")))),
        cat("== environment/prod-eu.1.toml\n", allow("CVE-2024-0001")));
    EXPECT_EQ(read(answer("application", policy("shop/prod", severity(1, "low", "block"), ""))),
              "== application/shop@prod.toml\n\n[severity]\nlow = \"block\"\n");
    auto const imported =
        import_policy("p.json",
                      answer("cluster", policy("c", severity(1, "high", "block"), "")),
                      test::options())
            .value();
    EXPECT_EQ(imported.format, "devtron");
    EXPECT_NE(imported.files.at(0).toml.find(order), std::string::npos);
}

TEST(ImportDevtron, ARowOfAllEnvironmentsIsOfTheApplication) {
    auto const wide = severity(5, "critical", "block");
    auto const text =
        answer("application",
               policy("shop/dev", wide, cve(9, "CVE-2024-0001", "allow")) + "," +
                   policy("shop/prod", wide + "," + severity(6, "high", "block"), "") + "," +
                   policy("other/prod", severity(7, "high", "allow"), ""));
    EXPECT_EQ(read(text),
              cat("== application/other@prod.toml\n\n[severity]\nhigh = \"allow\"\n",
                  "== application/shop.toml\n\n[severity]\ncritical = \"block\"\n",
                  "== application/shop@dev.toml\n",
                  allow("CVE-2024-0001"),
                  "== application/shop@prod.toml\n\n[severity]\nhigh = \"block\"\n"));
}

TEST(ImportDevtron, SeveralAnswersAreOneImport) {
    EXPECT_EQ(read(cat("[",
                       answer("global", policy("", severity(1, "high", "block"), "")),
                       ",",
                       R"({"level":"cluster","policies":[)",
                       policy("c1", severity(2, "high", "allow"), ""),
                       "]},",
                       answer("cluster", policy("c1", severity(3, "high", "block"), "")),
                       "]")),
              "== cluster/c1.toml\n\n[severity]\nhigh = \"allow\"\n"
              "== global.toml\nprecedence = \"devtron\"\n\n[severity]\nhigh = \"block\"\n"
              "- cluster c1: severity high: it is said twice, and the first one counts\n");
}

TEST(ImportDevtron, RowsThatMeanSomethingElseHereAreLeft) {
    std::pair<std::string, char const*> const cases[] = {
        {severity(1, "safe", "block"), "severity safe: this severity does not exist here"},
        {severity(1, "Critical", "block"), "severity Critical: this severity does not exist here"},
        {severity(1, "high", "inherit"),
         "severity high: it says inherit, which in Devtron hides the broader levels and blocks "
         "nothing"},
        {severity(1, "high", "warn"), "severity high: its action is not known"},
        {R"({"id":1,"severity":"high"})", "severity high: its action is not known"},
        {R"({"policy":[],"severity":"high"})", "severity high: its action is not known"},
        {"7", "severity : its action is not known"},
        {cat(R"({"id":1,)",
             permission("block", true),
             R"(,"policyOrigin":"global","severity":"high"})"),
         "severity high: it is of level global: import the list of that level"},
    };
    for (auto const& [row, said] : cases)
        EXPECT_EQ(read(answer("environment", policy("prod", row, ""))),
                  cat("- environment prod: ", said, "\n"))
            << row;
    EXPECT_EQ(read(answer("environment", policy("prod", "", cve(1, "openssl", "allow")))),
              "- environment prod: openssl: it is no id of a vulnerability (such as CVE-2024-0001, "
              "GHSA-…, RHSA-2024:0001)\n");
}

TEST(ImportDevtron, NamesThatAreNoNamesOfFilesAreLeft) {
    for (std::string_view const name :
         {"Prod", "prod eu", "../global", "", ".hidden", "a/b", "a@b", "pr\\u00f6d"})
        EXPECT_TRUE(read(answer("cluster", policy(name, severity(1, "high", "allow"), "")))
                        .ends_with(": severity high: its level has a name that does not match "
                                   "[a-z0-9][a-z0-9._-]* here\n"))
            << name;
    for (std::string_view const name :
         {"shop", "shop/", "/prod", "shop/prod/eu", "Shop/prod", "shop/..", "../x"})
        EXPECT_EQ(read(answer("application", policy(name, severity(1, "high", "allow"), ""))),
                  cat("- application ",
                      name,
                      ": severity high: its level has a name that does not match "
                      "[a-z0-9][a-z0-9._-]* here\n"))
            << name;
}

TEST(ImportDevtron, AnAppOfTheChartStoreHasNoPolicies) {
    for (std::string_view const policies : {"[]", "null"})
        EXPECT_EQ(
            read(cat(R"({"result":{"level":"application","policies":)", policies, "}}")),
            "- the policies of level application: there are none; apps of the chart store have "
            "none in Devtron\n");
}

TEST(ImportDevtron, IsRefusedWhenItIsSomethingElse) {
    std::pair<char const*, char const*> const cases[] = {
        {"7", "it is no object"},
        {"[7]", "it is no object"},
        {R"({"code":403,"status":"Forbidden","errors":[{"userMessage":"x"}]})",
         "it has no policies"},
        {R"({"result":null})", "it has no policies"},
        {R"({"level":"galaxy","policies":[]})", "its level is \"galaxy\""},
        {R"({"policies":[]})", "its level is \"\""},
        {R"({"level":"global","policies":{}})", "policies is no list"},
        {R"({"level":"global","policies":[7]})", "one of its policies is no object"},
        {R"({"level":"global","policies":[{"cves":{}}]})", "cves is no list"},
        {R"({"level":"global","policies":[{"severities":"high"}]})", "severities is no list"},
    };
    for (auto const& [text, why] : cases)
        EXPECT_EQ(test::import("p", text, test::as("devtron")),
                  cat("protocol: p: not a policy list of Devtron: ", why))
            << text;
}

} // namespace
} // namespace clairgate::policy
