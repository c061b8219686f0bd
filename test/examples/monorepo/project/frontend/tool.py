print("not a server")
