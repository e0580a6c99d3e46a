#include <clairgate/io/http_proxy.hpp>

#include <gtest/gtest.h>

namespace clairgate::io {
namespace {

TEST(BypassesProxy, FollowsTheTable) {
    struct Row {
        char const* sentence;
        char const* url;
        char const* no_proxy;
        bool expected;
    };
    Row const rows[] = {
        {"nothing is excepted", "http://h.example/", "", false},
        {"everything", "http://h.example/", "*", true},
        {"the name itself", "http://h.example/", "h.example", true},
        {"in another case", "http://h.example/", "H.EXAMPLE", true},
        {"a subdomain", "http://a.h.example/", "h.example", true},
        {"a subdomain by a leading dot", "http://a.h.example/", ".h.example", true},
        {"a subdomain by a star", "http://a.h.example/", "*.h.example", true},
        {"no label boundary", "http://evilh.example/", "h.example", false},
        {"a longer name", "http://h.example.evil/", "h.example", false},
        {"a list with spaces", "http://h.example/", "a.example, h.example ,c", true},
        {"a list without commas", "http://h.example/", "a.example h.example", true},
        {"the right port", "http://h.example:81/", "h.example:81", true},
        {"another port", "http://h.example:82/", "h.example:81", false},
        {"an address", "http://10.1.2.3/", "10.1.2.3", true},
        {"another address", "http://10.1.2.4/", "10.1.2.3", false},
        {"an address is no suffix", "http://110.1.2.3/", "10.1.2.3", false},
        {"a block", "http://10.1.2.3/", "10.0.0.0/8", true},
        {"outside of the block", "http://11.1.2.3/", "10.0.0.0/8", false},
        {"an odd block", "http://10.1.2.3/", "10.1.0.0/15", true},
        {"outside of the odd block", "http://10.2.2.3/", "10.1.0.0/15", false},
        {"a block too long", "http://10.1.2.3/", "10.1.2.3/33", false},
        {"an IPv6 address", "http://[2001:db8::1]/", "2001:db8::1", true},
        {"an IPv6 address with a port", "http://[2001:db8::1]:81/", "[2001:db8::1]:81", true},
        {"an IPv6 block", "http://[2001:db8::1]/", "2001:db8::/32", true},
        {"a name is in no block", "http://h.example/", "10.0.0.0/8", false},
        {"empty entries", "http://h.example/", ",, ,", false},
        {"a dot alone", "http://h.example/", ".", false},
        {"loopback needs no entry", "http://127.0.0.1:5000/", "", true},
        {"IPv6 loopback neither", "http://[::1]:5000/", "", true},
        {"localhost neither", "http://localhost:5000/", "", true},
    };
    for (auto const& row : rows)
        EXPECT_EQ(bypasses_proxy(Url::parse(row.url)->origin, row.no_proxy), row.expected)
            << row.sentence;
}

} // namespace
} // namespace clairgate::io
