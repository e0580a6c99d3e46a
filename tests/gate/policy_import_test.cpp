#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <gate/program.hpp>
#include <support/temp_dir.hpp>

namespace clairgate::gate {
namespace {

TEST(PolicyImport, PrintsWhatItTranslatedAndTellsTheRest) {
    test::TempDir const folder;
    auto const file = (folder.path() / ".trivyignore").string();
    std::ofstream(file) << "CVE-2099-0001\nAVD-AWS-0001\n";
    EXPECT_EQ(test::run_program({"policy", "import", file}).status, 2) << "no owner";
    auto const ran = test::run_program({"policy",
                                        "import",
                                        file,
                                        "--owner",
                                        "team-a",
                                        "--reason",
                                        "taken over",
                                        "--expires",
                                        "2099-12-31",
                                        "--application",
                                        "shop"});
    ASSERT_EQ(ran.status, 0) << ran.error;
    EXPECT_TRUE(ran.out.starts_with("# application/shop.toml\n")) << ran.out;
    EXPECT_NE(ran.out.find("CVE-2099-0001"), std::string::npos);
    EXPECT_NE(ran.error.find("not imported: AVD-AWS-0001"), std::string::npos) << ran.error;
}

TEST(PolicyImport, NeedsOneReadableFile) {
    EXPECT_EQ(test::run_program({"policy", "import"}).status, 2);
    EXPECT_EQ(test::run_program({"policy", "import", "/nowhere"}).status, 2);
}

} // namespace
} // namespace clairgate::gate
