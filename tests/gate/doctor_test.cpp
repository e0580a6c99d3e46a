#include <clairgate/gate/doctor.hpp>

#include <gtest/gtest.h>

#include <gate/program.hpp>
#include <set>

namespace clairgate::gate {
namespace {

TEST(Doctor, HasUniqueChecks) {
    std::set<std::string_view> names;
    for (auto const& check : checks())
        EXPECT_TRUE(names.insert(check.name).second) << check.name;
}

TEST(Doctor, TellsEveryFaultWithItsRemedyAndFails) {
    auto const ran = test::run_program({"doctor",
                                        "--clair-url",
                                        "http://127.0.0.1:1",
                                        "--policy",
                                        "/nowhere",
                                        "--sign",
                                        "/nowhere/cosign.key",
                                        "-o",
                                        "json=/nowhere/r.json"});
    EXPECT_NE(ran.status, 0);
    for (auto const* part : {"FAIL  policy /nowhere",
                             "FAIL  clair http://127.0.0.1:1",
                             "FAIL  output /nowhere/r.json",
                             "FAIL  signing key /nowhere/cosign.key",
                             "--clair-url"})
        EXPECT_NE(ran.out.find(part), std::string::npos) << part << "\n" << ran.out;
}

TEST(DiagnosisText, EscapesWhatPeersSaid) {
    Diagnosis const diagnosis{
        "registry", Error(ErrorKind::protocol, "a\nb\x1b[0m").with_remedy("mend it"), ""};
    EXPECT_EQ(diagnosis_text(diagnosis), "FAIL  registry: a\\x0ab\\x1b[0m\n      mend it\n");
    EXPECT_EQ(diagnosis_text({"policy", std::nullopt, "read"}), "ok    policy: read\n");
}

} // namespace
} // namespace clairgate::gate
