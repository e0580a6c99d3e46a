#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>
#include <clairgate/sign/encrypted_key.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <gate/program.hpp>
#include <gate/signed_report.hpp>
#include <iterator>
#include <sign/sample_keys.hpp>
#include <support/temp_dir.hpp>

#include <sys/wait.h>
#include <unistd.h>

namespace clairgate::gate {
namespace {

namespace fs = std::filesystem;
using test::Ran;
using Variables = std::map<std::string, std::string, std::less<>>;

class Folder {
  public:
    std::string prefix() const { return (folder_.path() / "release").string(); }
    std::string key() const { return prefix() + ".key"; }
    std::string pub() const { return prefix() + ".pub"; }
    Ran generate(Variables variables = {{"COSIGN_PASSWORD", "pass"}}) const {
        return test::run_program({"keys", "generate", "--output-key-prefix", prefix()},
                                 std::move(variables));
    }
    std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()));
    }

  private:
    test::TempDir folder_;
};

std::string read(std::string const& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

unsigned mode_of(std::string const& file) {
    return static_cast<unsigned>(fs::status(file).permissions());
}

TEST(KeysGenerate, WritesAPairThatReadsBack) {
    Folder const folder;
    auto const ran = folder.generate();
    ASSERT_EQ(ran.status, 0) << ran.error;
    EXPECT_EQ(ran.out, "");
    EXPECT_NE(ran.error.find(folder.key()), std::string::npos);
    EXPECT_EQ(mode_of(folder.key()), 0600U);
    EXPECT_EQ(mode_of(folder.pub()) & 0600U, 0600U);
    EXPECT_TRUE(sign::is_encrypted_key(read(folder.key())));
    auto const key = sign::decrypt_key(Secret(read(folder.key())), Secret("pass"));
    ASSERT_TRUE(key.has_value()) << key.error().text();
    EXPECT_EQ(key->public_key().pem(), read(folder.pub()));
    EXPECT_EQ(key->public_key().type(), sign::KeyType::ecdsa_p256);
    EXPECT_FALSE(sign::decrypt_key(Secret(read(folder.key())), Secret("")).has_value());
    auto const told =
        test::run_program({"keys", "public", folder.key()}, {{"COSIGN_PASSWORD", "pass"}});
    EXPECT_EQ(told.status, 0) << told.error;
    EXPECT_EQ(told.out, read(folder.pub()));
}

TEST(KeysGenerate, TakesTheEmptyPassword) {
    Folder const folder;
    auto const ran = folder.generate({{"COSIGN_PASSWORD", ""}});
    ASSERT_EQ(ran.status, 0) << ran.error;
    EXPECT_TRUE(sign::decrypt_key(Secret(read(folder.key())), Secret("")).has_value());
}

TEST(KeysGenerate, OverwritesNothing) {
    for (auto const& name : {&Folder::key, &Folder::pub}) {
        Folder const folder;
        auto const there = (folder.*name)();
        std::ofstream(there) << "mine";
        auto const ran = folder.generate();
        EXPECT_EQ(ran.status, 2);
        EXPECT_NE(ran.error.find(there), std::string::npos) << ran.error;
        EXPECT_EQ(read(there), "mine");
        EXPECT_EQ(folder.files(), 1U); // and leaves no half
    }
}

TEST(KeysGenerate, FollowsNoLinkToNowhere) {
    for (auto const& name : {&Folder::key, &Folder::pub}) {
        Folder const folder;
        Folder const elsewhere;
        fs::create_symlink(elsewhere.key(), (folder.*name)());
        EXPECT_EQ(folder.generate().status, 2);
        EXPECT_TRUE(fs::is_symlink((folder.*name)()));
        EXPECT_EQ(elsewhere.files(), 0U);
        EXPECT_EQ(folder.files(), 1U);
    }
}

TEST(KeysGenerate, NeedsAPasswordOrATerminal) {
    Folder const folder;
    auto const child = ::fork();
    if (child == 0) {
        ::setsid(); // nobody to ask
        auto const ran = folder.generate({});
        ::_exit(ran.error.find("COSIGN_PASSWORD") != std::string::npos ? ran.status : 99);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 2);
    EXPECT_EQ(folder.files(), 0U);
}

TEST(KeysGenerate, TellsAFolderThatIsNotThere) {
    auto const ran = test::run_program(
        {"keys", "generate", "--output-key-prefix", "/nowhere/at/all"}, {{"COSIGN_PASSWORD", ""}});
    EXPECT_NE(ran.status, 0);
    EXPECT_NE(ran.error.find("/nowhere/at/all.key"), std::string::npos) << ran.error;
}

TEST(KeysPublic, PrintsThePublicHalfOfAnyReference) {
    test::KeyPair const key;
    for (auto const& reference : {key.private_file(), key.public_file()}) {
        auto const ran = test::run_program({"keys", "public", reference});
        EXPECT_EQ(ran.status, 0) << ran.error;
        EXPECT_EQ(ran.out, key.public_key().pem());
    }
    auto const variable = test::run_program(
        {"keys", "public", "env://SIGNING_KEY"},
        {{"SIGNING_KEY", std::string(sign::sample::older_private)}, {"COSIGN_PASSWORD", ""}});
    EXPECT_EQ(variable.status, 0) << variable.error;
    EXPECT_EQ(variable.out, sign::sample::rfc6979_pem);
    auto const wrong = test::run_program(
        {"keys", "public", "env://SIGNING_KEY"},
        {{"SIGNING_KEY", std::string(sign::sample::older_private)}, {"COSIGN_PASSWORD", "x"}});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_EQ(wrong.out, "");
}

TEST(KeysCommand, SaysWhichWordsItTakes) {
    EXPECT_EQ(test::run_program({"keys"}).status, 2);
    EXPECT_EQ(test::run_program({"keys", "public"}).status, 2);
    EXPECT_EQ(test::run_program({"keys", "public", "a", "b"}).status, 2);
    EXPECT_EQ(test::run_program({"keys", "public", "/nowhere/cosign.pub"}).status, 2);
    EXPECT_EQ(test::run_program({"keys", "generate", "more"}).status, 2);
    auto const near = test::run_program({"keys", "genrate"});
    EXPECT_EQ(near.status, 2);
    EXPECT_NE(near.error.find("did you mean generate?"), std::string::npos) << near.error;
}

} // namespace
} // namespace clairgate::gate
