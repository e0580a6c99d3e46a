#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/sign/signer.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <sign/openssl_peer.hpp>

namespace clairgate::sign {
namespace {

// What a user would write around a key service: openssl plays the service.
constexpr std::string_view honest = R"sh(key=$1
case "$2" in
public-key) openssl pkey -in "$key" -pubout ;;
sign)
    read -r hash
    printf "$(sed 's/../\\x&/g' <<<"$hash")" >"$key.hash"
    openssl pkeyutl -sign -inkey "$key" -pkeyopt digest:sha256 -in "$key.hash" | base64
    ;;
esac
)sh";

struct Program {
    explicit Program(std::string_view script = honest,
                     std::map<std::string, std::string, std::less<>> variables =
                         {{"PATH", "/usr/bin:/bin"}, {"COSIGN_PASSWORD", "not for children"}})
        : world(std::move(variables)) {
        peer.write("program", cat("#!/bin/bash\n", script));
        std::filesystem::permissions(peer.path("program"), std::filesystem::perms::owner_all);
    }
    std::string reference(std::string_view arguments) const {
        return cat("exec:", peer.path("program").string(), " ", arguments);
    }
    // With that key in a file, which is the program's argument.
    std::string with(Secret const& key) const {
        peer.write("service.key", key.reveal());
        return reference(peer.path("service.key").string());
    }
    Deadline deadline(Duration time = std::chrono::seconds(60)) const {
        return Deadline::after(world.clock, time);
    }
    Result<std::unique_ptr<Signer>> make(std::string of) {
        return world.run(make_signer({world.world, {}}, std::move(of), deadline()));
    }
    test::TestWorld world;
    OpenSslPeer peer;
};

TEST(ExecSigner, SignsThroughAProgram) {
    Program program;
    for (auto const& key : {program.peer.p256(), program.peer.rsa()}) {
        auto const half = program.peer.public_key(key);
        auto const signer = program.make(program.with(key));
        ASSERT_TRUE(signer.has_value()) << signer.error().text();
        EXPECT_EQ((*signer)->public_key().pem(), half);
        auto const deadline = program.deadline();
        auto const signature = program.world.run((*signer)->sign("message", deadline));
        ASSERT_TRUE(signature.has_value()) << signature.error().text();
        EXPECT_TRUE(program.peer.verifies(half, "message", *signature));
        EXPECT_TRUE(program.world.run(sign_statement(**signer, "{}", deadline)).has_value());
    }
}

TEST(ExecSigner, KnowsThePublicKey) {
    Program program;
    auto const key = program.peer.p256();
    auto const found = program.world.run(
        public_key_of({program.world.world, {}}, program.with(key), program.deadline()));
    EXPECT_EQ(found.value().pem(), program.peer.public_key(key));
}

// The words of the reference, as they are, then ours; the hash and a newline; no secret of ours.
TEST(ExecSigner, GivesTheProgramExactlyThis) {
    Program program(R"(printf '[%s]' "$@" >>"${0%/*}/seen"
if [ "${@: -1}" = sign ]; then cat >"${0%/*}/input"; env >"${0%/*}/environment"; echo AAAA; exit; fi
cat "${0%/*}/public")",
                    {{"PATH", "/usr/bin:/bin"},
                     {"COSIGN_PASSWORD", "not for children"},
                     {"CLAIRGATE_CLAIR_PSK", "nor this"},
                     {"VAULT_TOKEN", "for the key service"}});
    program.peer.write("public", program.peer.public_key(program.peer.p256()));
    auto const signer = program.make(program.reference("'a  b' $HOME \"c;d\" * "));
    ASSERT_TRUE(signer.has_value()) << signer.error().text();
    auto const signature = program.world.run((*signer)->sign("message", program.deadline()));
    EXPECT_EQ(signature.value(), std::string(3, '\0'));
    auto const words = std::string("['a][b'][$HOME][\"c;d\"][*]");
    EXPECT_EQ(program.peer.read("seen"), cat(words, "[public-key]", words, "[sign]"));
    EXPECT_EQ(program.peer.read("input"), cat(to_hex(sha256("message")), "\n"));
    auto const environment = program.peer.read("environment");
    EXPECT_NE(environment.find("VAULT_TOKEN=for the key service"), std::string::npos);
    EXPECT_EQ(environment.find("COSIGN_PASSWORD"), std::string::npos);
    EXPECT_EQ(environment.find("CLAIRGATE_"), std::string::npos);
}

TEST(ExecSigner, WantsAnAbsolutePath) {
    Program program;
    for (auto const* reference : {"exec:",
                                  "exec: ",
                                  "exec:program",
                                  "exec:./program",
                                  "exec:~/program",
                                  "exec://host/program",
                                  "exec:bin/true /bin/true"}) {
        auto const signer = program.make(reference);
        ASSERT_FALSE(signer.has_value()) << reference;
        EXPECT_EQ(signer.error().kind(), ErrorKind::usage) << reference;
    }
    EXPECT_EQ(program.make("exec:/nowhere/program").error().kind(), ErrorKind::tool);
}

TEST(ExecSigner, RefusesEd25519WhichSignsNoHashes) {
    Program program;
    auto const signer = program.make(program.with(program.peer.ed25519()));
    ASSERT_FALSE(signer.has_value());
    EXPECT_EQ(signer.error().kind(), ErrorKind::config);
    EXPECT_NE(signer.error().text().find("Ed25519"), std::string::npos);
}

TEST(ExecSigner, TellsTheStatusAndNothingThatWasPrinted) {
    for (auto const* script :
         {"echo 'pin 123456'; echo 'pin 123456' >&2; exit 3", "echo pin 123456"}) {
        Program program(script);
        auto const signer = program.make(program.reference(""));
        ASSERT_FALSE(signer.has_value()) << script;
        auto const said = cat(signer.error().text(), signer.error().remedy());
        EXPECT_NE(said.find("program public-key"), std::string::npos) << said;
        EXPECT_EQ(said.find("123456"), std::string::npos) << said;
        for (auto const& event : program.world.events)
            EXPECT_EQ(to_text_line(event).find("123456"), std::string::npos);
    }
}

TEST(ExecSigner, RefusesWhatIsNoSignature) {
    for (auto const* answer : {"", "printf '!'", "echo QUJD-_", "yes"}) {
        Program program(cat("test \"$1\" = public-key && exec cat \"${0%/*}/public\"\n", answer));
        program.peer.write("public", program.peer.public_key(program.peer.p256()));
        auto const signer = program.make(program.reference("")).value();
        auto const signature = program.world.run(signer->sign("message", program.deadline()));
        ASSERT_FALSE(signature.has_value()) << answer;
        bool const is_refused = signature.error().kind() == ErrorKind::tool ||
                                signature.error().kind() == ErrorKind::limit;
        EXPECT_TRUE(is_refused) << signature.error().text();
    }
}

TEST(ExecSigner, GivesUpAtTheDeadline) {
    Program program("exec sleep 1000");
    auto const found =
        program.world.run(public_key_of({program.world.world, {}},
                                        program.reference(""),
                                        program.deadline(std::chrono::milliseconds(300))));
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().kind(), ErrorKind::timeout);
}

} // namespace
} // namespace clairgate::sign
